// Owns the rows of amounts as people read them.
// Must not need a window.
import { expect, test } from 'vitest';
import { amountText } from '../../../renderer/ui/amount-text.ts';
import { createFormats } from '../../../renderer/ui/formats.ts';

test.each([
  ['memory', '525656Mi', '513 GiB'],
  ['requests.memory', '601Mi', '601 MiB'],
  ['limits.cpu', '500m', '0.5'],
  ['cpu', '2', '2'],
  ['hugepages-2Mi', '0', '0 B'],
  ['requests.hugepages-1Gi', '4Gi', '4 GiB'],
  ['requests.storage', '1Ti', '1 TiB'],
  ['pods', '5', '5'],
  ['memory', 'many', 'many'],
])('%s of %s', (resource, quantity, text) => {
  expect(amountText(resource, quantity, createFormats('en'))).toBe(text);
});
