// Owns what links mean: `virtdeck://` a page of the window, a port forward of a machine a page of the user's browser.
// Must not open anything.

/** `virtdeck://machines/default/web/console` → `/machines/default/web/console`; undefined for what is no link of ours. */
export function routeOfLink(link: string): string | undefined {
  const match =
    /^virtdeck:\/\/machines\/([a-z0-9-]{1,63})\/([a-z0-9][a-z0-9.-]{0,252})(?:\/(overview|details|yaml|events|console|disks|network|command))?\/?$/.exec(
      link,
    );
  if (match === null) return undefined;
  const [, namespace, name, tab] = match;
  return `/machines/${namespace}/${name}${tab === undefined ? '' : `/${tab}`}`;
}

/** The first link among command line arguments. */
export function linkAmong(args: readonly string[]): string | undefined {
  return args.map(routeOfLink).find((route) => route !== undefined);
}

/** `http://localhost:8080/`: what a guest serves through a port of this computer. Nothing else is handed to the browser. */
export function isForwardedPage(link: string): boolean {
  return /^https?:\/\/(localhost|(\d{1,3}\.){3}\d{1,3}):\d{1,5}\/$/.test(link);
}
