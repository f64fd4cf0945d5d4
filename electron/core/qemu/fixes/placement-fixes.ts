// Owns what is offered for rules of placement that lie in the machine itself.
// Must not offer what a filter offers: it knows the nodes.
import { type FixRow, added, change } from './fix-row.ts';

export const placementFixes: readonly FixRow[] = [
  {
    reason: 'TopologySpread',
    field: /^spec\.topologySpreadConstraints\[\d+\]/,
    offer({ vmi, indexes: [index = 0] }) {
      const topologyKey = vmi.spec.topologySpreadConstraints?.[index]?.topologyKey;
      if (topologyKey === undefined) return [];
      const path = `/spec/topologySpreadConstraints/${index}`;
      return [
        change(
          `Prefer an even spread over ${topologyKey} instead of asking for it`,
          { op: 'test', path: `${path}/topologyKey`, value: topologyKey },
          added(`${path}/whenUnsatisfiable`, 'ScheduleAnyway'),
        ),
      ];
    },
  },
];
