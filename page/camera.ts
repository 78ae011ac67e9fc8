import { find } from "./elements.ts";
import { copyPicture, type ShownPicture } from "./shown_picture.ts";

/** Pictures of a series, and milliseconds between them. */
const SERIES = 10;
const PAUSE = 250;

/** The device's camera. */
export class Camera {
  readonly #video = find("#video", HTMLVideoElement);
  #stream: MediaStream | undefined;

  /** Whether it is on. */
  get isOn(): boolean {
    return this.#stream !== undefined;
  }

  /**
   * Switches it on.
   *
   * @throws {Error} If there is none, or the user does not allow it; one line.
   */
  async start(): Promise<void> {
    // Pages that came over plain HTTP from another machine have no such thing.
    const { mediaDevices } = navigator as { mediaDevices?: MediaDevices };
    if (!mediaDevices) throw new Error("The camera cannot be used: the page needs https, or 127.0.0.1");
    this.#stream = await mediaDevices.getUserMedia({ video: { facingMode: "environment" } }).catch((cause) => {
      const isRefused = (cause as Error).name === "NotAllowedError";
      const reason = isRefused ? "the browser was told not to allow it" : "none was found that is free";
      throw new Error(`The camera cannot be used: ${reason}`, { cause });
    });
    this.#video.srcObject = this.#stream;
    await this.#video.play();
  }

  /** Switches it off. */
  stop(): void {
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    this.#stream = undefined;
    this.#video.srcObject = null;
  }

  /** A picture of this moment, as large as the camera gives it. */
  take(): ShownPicture {
    const { videoWidth: width, videoHeight: height } = this.#video;
    const canvas = document.createElement("canvas");
    Object.assign(canvas, { width, height });
    canvas.getContext("2d")!.drawImage(this.#video, 0, 0);
    return copyPicture(canvas, "camera");
  }

  /** Pictures of the next seconds, for whoever turns the thing a little; fewer if it is switched off. */
  async takeSeries(onPicture: (picture: ShownPicture) => void): Promise<void> {
    for (let i = 0; i < SERIES && this.isOn; i++) {
      onPicture(this.take());
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
  }
}
