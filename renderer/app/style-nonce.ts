// Owns the one exception to the CSP's "no inline style": <style> elements that our own libraries make at run time.
// Must not touch any other element.

/**
 * xterm and CodeMirror write their rules into <style> elements and know no nonce; without one Chromium
 * drops them and the terminal is black on black. Every <style> made by script gets the nonce of this response.
 */
export function stampStyleNonce(page: Document): void {
  const nonce = page.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content;
  if (nonce === undefined || nonce === '' || nonce.startsWith('__')) return;
  const create = page.createElement.bind(page);
  page.createElement = (name: string, options?: ElementCreationOptions): HTMLElement => {
    const element = create(name, options);
    if (element instanceof HTMLStyleElement) element.nonce = nonce;
    return element;
  };
}
