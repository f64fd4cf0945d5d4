// Owns the address of a machine's page.
// Must not navigate.

export const machineTabs = ['overview', 'details', 'yaml', 'disks', 'network', 'snapshots', 'console', 'events', 'command'] as const;
export type MachineTab = (typeof machineTabs)[number];

export interface MachineAddress {
  readonly namespace: string;
  readonly name: string;
  readonly tab?: MachineTab;
}

export function machinePath({ namespace, name, tab }: MachineAddress): string {
  const path = `/machines/${encodeURIComponent(namespace)}/${encodeURIComponent(name)}`;
  return tab === undefined || tab === 'overview' ? path : `${path}/${tab}`;
}

export function tabOf(text: string | undefined): MachineTab {
  return machineTabs.find((tab) => tab === text) ?? 'overview';
}
