FROM python:3.12-slim
WORKDIR /srv/papertree
COPY requirements.lock pyproject.toml README.md LICENSE ./
RUN pip install --no-cache-dir --no-deps --require-hashes -r requirements.lock
COPY app app
COPY migrations migrations
COPY frontend/static frontend/static
RUN pip install --no-cache-dir --no-deps --no-build-isolation -e . \
    && useradd --system --home-dir /data papertree && mkdir /data && chown papertree /data
USER papertree
VOLUME /data
EXPOSE 8000
CMD ["python", "-m", "app.main"]
