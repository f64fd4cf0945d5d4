// Owns turning a picture as QEMU dumps it (PPM, 8 bits a colour) into PNG, which every window shows.
// Must not read other kinds of PPM.
import { promisify } from 'node:util';
import { crc32, deflate } from 'node:zlib';

const header = /^P6\n(\d{1,5}) (\d{1,5})\n255\n/;
const headerBytes = 20;
const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const pixelBytes = 3;
const deflateOnPool = promisify(deflate);

/** Undefined when it is no such picture, or cut off. */
export async function pngOfPpm(ppm: Buffer): Promise<Uint8Array | undefined> {
  const found = header.exec(ppm.toString('latin1', 0, headerBytes));
  if (found === null) return undefined;
  const [width, height] = [Number(found[1]), Number(found[2])];
  const pixels = ppm.subarray(found[0].length);
  const stride = width * pixelBytes;
  if (width === 0 || height === 0 || pixels.length !== stride * height) return undefined;
  const size = Buffer.alloc(13);
  size.writeUInt32BE(width, 0);
  size.writeUInt32BE(height, 4);
  // Eight bits, red green blue; deflate, no interlace.
  size.set([8, 2, 0, 0, 0], 8);
  // Each row begins with the kind of its filter: none.
  const rows = Buffer.alloc((stride + 1) * height);
  for (let row = 0; row < height; row += 1) pixels.copy(rows, row * (stride + 1) + 1, row * stride, (row + 1) * stride);
  return Buffer.concat([signature, chunk('IHDR', size), chunk('IDAT', await deflateOnPool(rows)), chunk('IEND', Buffer.alloc(0))]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}
