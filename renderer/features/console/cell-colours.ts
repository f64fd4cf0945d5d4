// Owns making xterm's 24-bit colours arrive under a CSP without 'unsafe-inline'.
// Must not change what any other code gets: the same style, by the way that the CSP allows.

/**
 * xterm 6 writes 24-bit colours, contrast corrections and search marks of single cells as `setAttribute('style', …)` on a <span> that
 * it makes with the global document. The CSP drops style attributes, but not the same words set through the style object.
 * Can go when xterm's row factory uses the style object itself.
 */
export function allowCellColours({ HTMLSpanElement: Span, Element: Any }: Window & typeof globalThis): void {
  if (Object.hasOwn(Span.prototype, 'setAttribute')) return;
  Span.prototype.setAttribute = function set(this: HTMLSpanElement, name: string, value: string): void {
    if (name === 'style') this.style.cssText = value;
    else Any.prototype.setAttribute.call(this, name, value);
  };
}
