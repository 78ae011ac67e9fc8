/** A picture as bytes, [height, width, channels] row-major. */
export interface Picture {
  /** The bytes, 0 to 255. */
  readonly pixels: Uint8Array;
  /** Height in pixels. */
  readonly height: number;
  /** Width in pixels. */
  readonly width: number;
  /** 1 for grey, 3 for colour. */
  readonly channels: 1 | 3;
}

/**
 * Writes a picture as an address that holds all of it, for a page that needs no other file.
 *
 * @param picture The picture.
 * @returns A PNG file in a `data:` address.
 */
export async function pictureAddress({ pixels, height, width, channels }: Picture): Promise<string> {
  const { encode } = await import("fast-png");
  // The encoder reads the whole buffer, not the view.
  const png = encode({ data: pixels.slice(), height, width, channels, depth: 8 });
  return `data:image/png;base64,${new Uint8Array(png).toBase64()}`;
}
