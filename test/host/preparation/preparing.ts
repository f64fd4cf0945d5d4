// Owns a process that prepares a root folder of its own, or undoes that, and ends itself with SIGKILL before a chosen request: `preparing.ts ROOT apply|undo N`.
// Must not be imported; killed-app.test.ts starts it.
import { rootPreparation } from './root-preparation.ts';

const [root = '', verb, number] = process.argv.slice(2);

const preparation = rootPreparation(root, (n) => {
  if (n === Number(number)) process.kill(process.pid, 'SIGKILL');
});
await (verb === 'undo' ? preparation.undo() : preparation.apply());
process.exit(0);
