/** Writes a picture into files. */
import { saveBlob } from "../../parts/save-file";
import { FONT_PX, type Cell } from "./cells";

const FONT = "system-ui, sans-serif";
const GROUND = "#ffffff";
/** So that text is sharp in print. */
const PNG_SCALE = 2;

export interface Drawing {
  title: string;
  width: number;
  height: number;
  cells: readonly Cell[];
}

export function writeSvg({ title, width, height, cells }: Drawing): string {
  const lines = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${FONT}" font-size="${FONT_PX}">`,
    `<title>${escape(title)}</title>`,
    `<rect width="${width}" height="${height}" fill="${GROUND}"/>`,
  ];
  for (const { path, fill, ink, label, told } of cells) {
    lines.push(`<path d="${path}" fill="${fill}" stroke="${GROUND}"><title>${escape(told)}</title></path>`);
    if (label) {
      const { x, y, turn, anchor, text } = label;
      const moved = turn ? ` dy="${FONT_PX / 3}" transform="rotate(${turn} ${x} ${y})"` : "";
      lines.push(
        `<text x="${x}" y="${y}" text-anchor="${anchor}" fill="${ink}"${moved}>${escape(text)}</text>`,
      );
    }
  }
  return [...lines, "</svg>", ""].join("\n");
}

export function saveSvg(drawing: Drawing, name: string): void {
  saveBlob(new Blob([writeSvg(drawing)], { type: "image/svg+xml" }), name);
}

export async function savePng({ width, height, cells }: Drawing, name: string): Promise<void> {
  const canvas = document.createElement("canvas");
  canvas.width = width * PNG_SCALE;
  canvas.height = height * PNG_SCALE;
  const pen = canvas.getContext("2d");
  if (!pen) {
    throw new Error("This browser draws no pictures; take the SVG instead.");
  }
  pen.scale(PNG_SCALE, PNG_SCALE);
  pen.fillStyle = GROUND;
  pen.fillRect(0, 0, width, height);
  pen.font = `${FONT_PX}px ${FONT}`;
  pen.strokeStyle = GROUND;
  for (const { path, fill, ink, label } of cells) {
    const shape = new Path2D(path);
    pen.fillStyle = fill;
    pen.fill(shape);
    pen.stroke(shape);
    if (label) {
      pen.save();
      pen.translate(label.x, label.y);
      pen.rotate((label.turn * Math.PI) / 180);
      pen.textAlign = label.anchor === "middle" ? "center" : "left";
      pen.fillStyle = ink;
      pen.fillText(label.text, 0, label.turn ? FONT_PX / 3 : 0);
      pen.restore();
    }
  }
  const blob = await new Promise<Blob | null>((take) => canvas.toBlob(take, "image/png"));
  if (!blob) {
    throw new Error("The picture is too large for this browser; take the SVG instead.");
  }
  saveBlob(blob, name);
}

const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** Characters that XML has no way to write. */
// eslint-disable-next-line no-control-regex
const UNWRITABLE = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g;

function escape(text: string): string {
  return text.replace(UNWRITABLE, "").replace(/[&<>"]/g, (one) => ENTITIES[one] ?? "");
}
