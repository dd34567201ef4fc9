FROM node:24-slim AS pages
WORKDIR /srv/frontend
COPY frontend/package.json frontend/package-lock.json frontend/.npmrc ./
RUN npm ci --omit=dev
COPY frontend/index.html frontend/vite.config.ts frontend/tsconfig.json ./
COPY frontend/src src
RUN npm run build

FROM python:3.12-slim
WORKDIR /srv/papertree
COPY requirements.lock pyproject.toml README.md LICENSE ./
RUN pip install --no-cache-dir --no-deps --require-hashes -r requirements.lock
COPY app app
COPY migrations migrations
COPY tools/hatch_build.py tools/hatch_build.py
COPY --from=pages /srv/frontend/static frontend/static
RUN pip install --no-cache-dir --no-deps --no-build-isolation -e . \
    && useradd --system --home-dir /data papertree && mkdir /data && chown papertree /data
USER papertree
VOLUME /data
EXPOSE 8000
CMD ["python", "-m", "app.main"]
