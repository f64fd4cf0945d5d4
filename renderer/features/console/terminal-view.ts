// Owns the terminal: xterm with its addons, and what a serial console needs of it.
// Must not know the line.
import { FitAddon } from '@xterm/addon-fit';
import { SearchAddon } from '@xterm/addon-search';
import { Terminal } from '@xterm/xterm';
import { allowCellColours } from './cell-colours.ts';
import { createLineTimes } from './line-times.ts';
import type { SerialTerminal } from './serial-session.ts';

/** Dark in both themes: guests choose their colours for a dark console. At least 4.5:1 on the ground, except the dim black. */
const colours = {
  background: '#151515',
  foreground: '#e8e8e8',
  cursor: '#e8e8e8',
  selectionBackground: '#2b5c91',
} as const;
const matchColours = {
  matchBackground: '#5c4a00',
  matchOverviewRuler: '#f0ab00',
  activeMatchBackground: '#8a6d00',
  activeMatchColorOverviewRuler: '#ffd866',
} as const;
/** About four hours of a chatty boot; the whole log can always be saved. */
const scrollbackLines = 20_000;
/** Without bytes for so long, what comes is new, no more the replay of what was. */
const replayQuietMs = 300;

export interface Matches {
  /** From 1; 0 when there are more than are counted. */
  readonly current: number;
  readonly count: number;
}

export interface TerminalView {
  readonly serial: SerialTerminal;
  onKeys(listener: (bytes: Uint8Array) => void): void;
  /** Keys that are not the guest's: false keeps the terminal from taking them. */
  onKey(listener: (event: KeyboardEvent) => boolean): void;
  onMatches(listener: (matches: Matches) => void): void;
  /** Times of the visible lines changed. */
  onTimes(listener: (times: readonly (number | undefined)[]) => void): void;
  find(text: string, direction: 'next' | 'previous'): void;
  endFind(): void;
  selection(): string;
  paste(text: string): void;
  setFontSize(size: number): void;
  fit(): void;
  size(): { readonly columns: number; readonly rows: number };
  toEnd(): void;
  focus(): void;
  blur(): void;
  dispose(): void;
}

export function createTerminalView(place: HTMLElement, options: { readonly fontSize: number; readonly label: string }): TerminalView {
  allowCellColours(window);
  const terminal = new Terminal({
    fontSize: options.fontSize,
    fontFamily: 'monospace',
    theme: colours,
    scrollback: scrollbackLines,
    minimumContrastRatio: 4.5,
    // The decorations of the search are still a proposal in xterm's words.
    allowProposedApi: true,
  });
  const fitting = new FitAddon();
  const search = new SearchAddon();
  terminal.loadAddon(fitting);
  terminal.loadAddon(search);
  terminal.open(place);
  terminal.textarea?.setAttribute('aria-label', options.label);
  let disposed = false;
  // Cells are measured on a canvas, which knows neither CSS variables nor a font that has yet to load.
  const family = getComputedStyle(place).getPropertyValue('--pf-t--global--font--family--mono');
  void document.fonts.load(`${options.fontSize}px ${family}`).then(() => {
    if (disposed) return;
    terminal.options.fontFamily = `${family}, monospace`;
    fitting.fit();
  });

  const times = createLineTimes();
  let live = false;
  let quiet: ReturnType<typeof setTimeout> | undefined;
  let tellTimes: (times: readonly (number | undefined)[]) => void = () => undefined;
  const waitForQuiet = (): void => {
    clearTimeout(quiet);
    if (!live) quiet = setTimeout(() => (live = true), replayQuietMs);
  };
  terminal.onLineFeed(() => {
    const marker = terminal.registerMarker(0);
    times.begin(marker, live ? Date.now() : undefined);
  });
  const showTimes = (): void => tellTimes(times.visible(terminal.buffer.active.viewportY, terminal.rows));
  terminal.onRender(showTimes);
  terminal.onScroll(showTimes);

  return {
    serial: {
      write(bytes, drawn) {
        waitForQuiet();
        terminal.write(bytes, drawn);
      },
      reset() {
        live = false;
        times.clear();
        // As a sequence in the stream: reset() would overtake bytes that still wait to be parsed.
        terminal.write('\u001bc');
      },
    },
    onKeys(listener) {
      const encoder = new TextEncoder();
      terminal.onData((text) => listener(encoder.encode(text)));
      // Mouse reports of old programs: bytes above 127 that are no text.
      terminal.onBinary((text) => listener(Uint8Array.from(text, (character) => character.charCodeAt(0))));
    },
    onKey: (listener) => terminal.attachCustomKeyEventHandler(listener),
    onMatches: (listener) =>
      search.onDidChangeResults(({ resultIndex, resultCount }) => listener({ current: resultIndex + 1, count: resultCount })),
    onTimes(listener) {
      tellTimes = listener;
      showTimes();
    },
    find(text, direction) {
      const found = { decorations: matchColours, incremental: direction === 'next' };
      if (direction === 'next') search.findNext(text, found);
      else search.findPrevious(text, found);
    },
    endFind: () => search.clearDecorations(),
    selection: () => terminal.getSelection(),
    paste: (text) => terminal.paste(text),
    setFontSize(size) {
      terminal.options.fontSize = size;
      fitting.fit();
    },
    fit: () => fitting.fit(),
    size: () => ({ columns: terminal.cols, rows: terminal.rows }),
    toEnd: () => terminal.scrollToBottom(),
    focus: () => terminal.focus(),
    blur: () => terminal.blur(),
    dispose() {
      disposed = true;
      clearTimeout(quiet);
      times.clear();
      terminal.dispose();
    },
  };
}
