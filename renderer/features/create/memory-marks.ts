// Owns the marks of the memory slider.
// Must not put them into words.

export interface MemoryMark {
  readonly miB: number;
  readonly kind: 'none' | 'free' | 'total';
}

/** Labels nearer than this part of the slider would lie over each other. */
const nearestPart = 0.15;

export function memoryMarks({
  totalMiB,
  availableMiB,
}: {
  readonly totalMiB: number;
  readonly availableMiB: number;
}): readonly MemoryMark[] {
  const part = totalMiB > 0 ? availableMiB / totalMiB : 0;
  const free: readonly MemoryMark[] = part > nearestPart && part < 1 - nearestPart ? [{ miB: availableMiB, kind: 'free' }] : [];
  return [{ miB: 0, kind: 'none' }, ...free, { miB: totalMiB, kind: 'total' }];
}
