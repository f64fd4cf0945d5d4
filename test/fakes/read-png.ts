// Owns reading a PNG of eight bits a colour, three colours a pixel: what QEMU and the core write.
// Must not read what a browser should show.
import { inflateSync } from 'node:zlib';

export interface Picture {
  readonly width: number;
  readonly height: number;
  /** Red, green and blue of each pixel, row by row. */
  readonly pixels: Buffer;
}

const pixelBytes = 3;

export function pictureOf(png: Uint8Array): Picture {
  const bytes = Buffer.from(png);
  if (bytes.toString('latin1', 1, 4) !== 'PNG') throw new Error('This is no PNG.');
  const [depth, colours, , , interlaced] = bytes.subarray(24, 29);
  if (depth !== 8 || colours !== 2 || interlaced !== 0) throw new Error('This is a PNG of another kind.');
  const data: Buffer[] = [];
  for (let at = 8; at < bytes.length; at += bytes.readUInt32BE(at) + 12) {
    if (bytes.toString('latin1', at + 4, at + 8) === 'IDAT') data.push(bytes.subarray(at + 8, at + 8 + bytes.readUInt32BE(at)));
  }
  const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
  return { width, height, pixels: unfiltered(inflateSync(Buffer.concat(data)), { stride: width * pixelBytes, height }) };
}

/** How many of its pixels are like `isIt`, from 0 to 1. */
export function shareOf({ pixels }: Picture, isIt: (red: number, green: number, blue: number) => boolean): number {
  let count = 0;
  for (let at = 0; at < pixels.length; at += pixelBytes) if (isIt(pixels[at] ?? 0, pixels[at + 1] ?? 0, pixels[at + 2] ?? 0)) count += 1;
  return count / (pixels.length / pixelBytes);
}

export function coloursOf({ pixels }: Picture): number {
  const colours = new Set<number>();
  for (let at = 0; at < pixels.length; at += pixelBytes) colours.add(pixels.readUIntBE(at, pixelBytes));
  return colours.size;
}

/** Each row begins with its filter: what of the pixel left, above and left above was taken off each byte. */
function unfiltered(rows: Buffer, { stride, height }: { readonly stride: number; readonly height: number }): Buffer {
  const pixels = Buffer.alloc(stride * height);
  for (let row = 0; row < height; row += 1) {
    const filter = rows[row * (stride + 1)] ?? 0;
    for (let column = 0; column < stride; column += 1) {
      const at = row * stride + column;
      const left = column < pixelBytes ? 0 : (pixels[at - pixelBytes] ?? 0);
      const above = row === 0 ? 0 : (pixels[at - stride] ?? 0);
      const corner = row === 0 || column < pixelBytes ? 0 : (pixels[at - stride - pixelBytes] ?? 0);
      pixels[at] = (rows[row * (stride + 1) + 1 + column] ?? 0) + takenOff(filter, { left, above, corner });
    }
  }
  return pixels;
}

interface Neighbours {
  readonly left: number;
  readonly above: number;
  readonly corner: number;
}

function takenOff(filter: number, { left, above, corner }: Neighbours): number {
  switch (filter) {
    case 0:
      return 0;
    case 1:
      return left;
    case 2:
      return above;
    case 3:
      return Math.floor((left + above) / 2);
    case 4: {
      const [toLeft, toAbove, toCorner] = [above - corner, left - corner, left + above - 2 * corner].map(Math.abs) as [
        number,
        number,
        number,
      ];
      if (toLeft <= toAbove && toLeft <= toCorner) return left;
      return toAbove <= toCorner ? above : corner;
    }
    default:
      throw new Error(`No filter ${filter}.`);
  }
}
