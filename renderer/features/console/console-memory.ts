// Owns what the consoles remember between visits: keyboard layout, own key combinations, font size.
// Must not keep anything that was typed.
import { type KeyboardLayoutId, keyboardLayouts } from './keyboard-layouts.ts';
import { type KeyCombination, parseCombination } from './key-combinations.ts';

export interface ConsoleMemory {
  readonly layout: KeyboardLayoutId;
  readonly deadKeys: boolean;
  /** As printed, e.g. `Ctrl+Alt+F2`. */
  readonly combinations: readonly string[];
  readonly fontSize: number;
}

export type KeyValues = Pick<Storage, 'getItem' | 'setItem'>;

const key = 'virtdeck.console';
export const fontSizes = { min: 8, max: 32, usual: 14 } as const;

/** Anything odd in the storage is forgotten. */
export function readMemory(storage: KeyValues, languages: readonly string[]): ConsoleMemory {
  const kept = parsed(storage.getItem(key));
  const { layout, deadKeys, combinations, fontSize } = kept;
  return {
    layout: keyboardLayouts.find(({ id }) => id === layout)?.id ?? layoutOf(languages),
    deadKeys: typeof deadKeys === 'boolean' ? deadKeys : true,
    combinations: Array.isArray(combinations) ? combinations.filter((each) => typeof each === 'string' && parseCombination(each)) : [],
    fontSize: typeof fontSize === 'number' && fontSize >= fontSizes.min && fontSize <= fontSizes.max ? fontSize : fontSizes.usual,
  };
}

export function keepMemory(storage: KeyValues, memory: ConsoleMemory): void {
  storage.setItem(key, JSON.stringify(memory));
}

export function ownCombinations({ combinations }: ConsoleMemory): readonly KeyCombination[] {
  return combinations.flatMap((label) => parseCombination(label) ?? []);
}

function parsed(text: string | null): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text ?? '{}');
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    // Written by something else: begin anew.
    return {};
  }
}

/** Most guests are installed with the layout of the language of this computer. */
function layoutOf(languages: readonly string[]): KeyboardLayoutId {
  const wanted = languages.map((tag) => tag.toLowerCase());
  const found = wanted.flatMap((tag): KeyboardLayoutId[] => {
    if (tag === 'en-gb') return ['uk'];
    if (tag === 'de-ch') return ['de-ch'];
    if (tag === 'pt-br') return ['pt-br'];
    const language = tag.split('-')[0];
    return keyboardLayouts.filter(({ id }) => id === language).map(({ id }) => id);
  });
  return found[0] ?? 'us';
}
