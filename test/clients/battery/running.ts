// Owns what every kubectl must be able to do at machines that run, waiting and watching: one row a task, each on objects of its own.
// Must not know which versions there are.
import { expect } from 'vitest';
import { made, type Task } from './task.ts';

export const running: readonly Task[] = [
  {
    name: 'a machine runs: wait, phase, wide columns',
    run: async (kubectl) => {
      await made(kubectl, 'running', { strategy: 'Always' });
      const { ok } = kubectl;
      expect(await ok('wait vm/running --for=condition=Ready --timeout=60s')).toBe('virtualmachine.kubevirt.io/running condition met\n');
      expect(await ok('get vmi running -o yaml')).toMatch(/phase: Running/);
      const [head] = (await ok('get vmi running -o wide')).split('\n');
      expect(head?.split(/\s+/)).toEqual(['NAME', 'AGE', 'PHASE', 'IP', 'NODENAME', 'READY', 'LIVE-MIGRATABLE', 'PAUSED']);
      await ok(`patch vm running --type=merge -p '{"spec":{"runStrategy":"Halted"}}'`);
      await ok('wait vmi/running --for=delete --timeout=60s');
      await ok('delete vm running');
    },
  },
  {
    name: 'wait for a value',
    since: 23,
    run: async (kubectl) => {
      await made(kubectl, 'awaited');
      expect(await kubectl.ok('wait vm/awaited --for=jsonpath={.status.printableStatus}=Stopped --timeout=60s')).toContain('condition met');
    },
  },
  {
    name: 'watch prints a table that grows, with one head',
    run: async (kubectl) => {
      await made(kubectl, 'watched');
      const { run, ok } = kubectl;
      // --request-timeout ends the watch: the output is complete then.
      const watching = run(['get', 'vm', '-l', 'app=demo', '--field-selector=metadata.name=watched', '-w', '--request-timeout=4s']);
      await ok('label vm watched seen=1');
      await ok('delete vm watched');
      const [head, ...rows] = (await watching).stdout.trim().split('\n');
      expect(head).toMatch(/^NAME +AGE +STATUS +READY$/);
      expect(rows.length).toBeGreaterThan(0);
      for (const row of rows) expect(row).toMatch(/^watched /);
    },
  },
];
