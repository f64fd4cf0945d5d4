// Owns `virtdeck://` links: which page of the window one means.
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
