import { find } from "./elements.ts";
import { copyPicture, type ShownPicture } from "./shown_picture.ts";
import { type Frame, frameStrokes, type Point } from "./stroke_frame.ts";

/** Share of the side that a stroke is wide. */
const WIDTH = 0.05;
/** The drawing as a whole. */
const WHOLE: Frame = { left: 0, top: 0, side: 1 };
/** Share of the side by which an arrow key moves the pen. */
const STEP = 0.04;

/** Where users draw: with mouse, finger or pen, or with the keys. */
export class Drawing {
  readonly #shown = find("#drawing", HTMLCanvasElement);
  readonly #isInverse = find("#inverse", HTMLInputElement);
  readonly #strokes: Point[][] = [];
  readonly #onStroke: () => void;
  #pen: Point = [0.5, 0.5];
  #isDown = false;

  /** @param onStroke Told when a stroke ends. */
  constructor(onStroke: () => void) {
    this.#onStroke = onStroke;
    this.#listenToPointer();
    this.#shown.addEventListener("keydown", (event) => this.#type(event));
    for (const name of ["focus", "blur"]) this.#shown.addEventListener(name, () => this.#draw());
    this.#isInverse.addEventListener("change", () => {
      this.#draw();
      if (!this.isEmpty) onStroke();
    });
    this.#draw();
  }

  /** Whether nothing is drawn. */
  get isEmpty(): boolean {
    return this.#strokes.length === 0;
  }

  /** Wipes it. */
  clear(): void {
    this.#strokes.length = 0;
    this.#isDown = false;
    this.#draw();
  }

  /** What is drawn, in the square around it; something must be. */
  copy(): ShownPicture {
    const { width, height } = this.#shown;
    const canvas = document.createElement("canvas");
    Object.assign(canvas, { width, height });
    this.#paint(canvas, frameStrokes(this.#strokes, WIDTH));
    return copyPicture(canvas, "drawing");
  }

  #listenToPointer(): void {
    const canvas = this.#shown;
    canvas.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      canvas.setPointerCapture(event.pointerId);
      this.#begin(this.#locate(event));
    });
    canvas.addEventListener("pointermove", (event) => {
      if (!canvas.hasPointerCapture(event.pointerId)) return;
      for (const part of event.getCoalescedEvents?.() ?? []) this.#extend(this.#locate(part));
      this.#extend(this.#locate(event));
    });
    canvas.addEventListener("lostpointercapture", () => this.#end());
  }

  #locate({ clientX, clientY }: PointerEvent): Point {
    const { left, top, width, height } = this.#shown.getBoundingClientRect();
    return [(clientX - left) / width, (clientY - top) / height];
  }

  #type(event: KeyboardEvent): void {
    const moves: Readonly<Record<string, Point>> = {
      ArrowLeft: [-STEP, 0],
      ArrowRight: [STEP, 0],
      ArrowUp: [0, -STEP],
      ArrowDown: [0, STEP],
    };
    const move = moves[event.key];
    if (move) this.#movePen(move);
    else if (event.key === " ") this.#isDown ? this.#end() : this.#begin(this.#pen);
    else if (event.key === "Delete" || event.key === "Backspace") this.clear();
    else return;
    event.preventDefault();
  }

  #movePen([dx, dy]: Point): void {
    const [x, y] = this.#pen;
    this.#pen = [Math.min(1, Math.max(0, x + dx)), Math.min(1, Math.max(0, y + dy))];
    if (this.#isDown) this.#extend(this.#pen);
    else this.#draw();
  }

  #begin(point: Point): void {
    this.#isDown = true;
    this.#strokes.push([point]);
    this.#extend(point);
  }

  #extend(point: Point): void {
    this.#pen = point;
    this.#strokes.at(-1)?.push(point);
    this.#draw();
  }

  #end(): void {
    if (!this.#isDown) return;
    this.#isDown = false;
    this.#draw();
    this.#onStroke();
  }

  #draw(): void {
    this.#paint(this.#shown, WHOLE);
    if (document.activeElement === this.#shown && this.#shown.matches(":focus-visible")) this.#showPen();
  }

  #paint(canvas: HTMLCanvasElement, { left, top, side }: Frame): void {
    const { width, height } = canvas;
    const context = canvas.getContext("2d", { willReadFrequently: true })!;
    const [ground, ink] = this.#isInverse.checked ? ["#000000", "#ffffff"] : ["#ffffff", "#000000"];
    context.fillStyle = ground!;
    context.fillRect(0, 0, width, height);
    Object.assign(context, { strokeStyle: ink, lineWidth: WIDTH * width / side, lineCap: "round", lineJoin: "round" });
    for (const stroke of this.#strokes) {
      context.beginPath();
      for (const [x, y] of stroke) context.lineTo((x - left) * width / side, (y - top) * height / side);
      context.stroke();
    }
  }

  /** A ring where the pen is, for those who move it with keys; filled while it is down. */
  #showPen(): void {
    const { width, height } = this.#shown;
    const context = this.#shown.getContext("2d")!;
    context.beginPath();
    context.arc(this.#pen[0] * width, this.#pen[1] * height, 0.035 * width, 0, 2 * Math.PI);
    Object.assign(context, { strokeStyle: "#c74f00", fillStyle: "#c74f00", lineWidth: 3 });
    context.stroke();
    if (this.#isDown) context.fill();
  }
}
