// Owns where opened menus are put: into the main part of the page, where people who navigate by landmarks find them.
// Must not be used inside dialogs; PatternFly puts those menus where they belong.

export function menuPlace(): HTMLElement {
  return document.querySelector('main') ?? document.body;
}
