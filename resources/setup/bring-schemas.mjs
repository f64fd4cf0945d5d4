// Owns making the schemas when they are missing or their sources changed. Runs on Node 24: it imports TypeScript.
// Must stay quick when there is nothing to do.
import { generateSchemas, schemasAreCurrent } from './schemas.mjs';

if (!schemasAreCurrent()) {
  process.stderr.write("Making the schemas from KubeVirt's published types …\n");
  const count = await generateSchemas();
  process.stderr.write(`${count} definitions.\n`);
}
