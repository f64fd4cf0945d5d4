// Owns what may be a name: of an object (a DNS subdomain, as Kubernetes wants), and of what is shorter (one label of it).
// Must not know what is named; the core checks again, and says why not.

const label = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const labelGrammar = new RegExp(`^${label}$`);
const subdomainGrammar = new RegExp(`^${label}(\\.${label})*$`);

export function isObjectName(name: string): boolean {
  return name.length <= 253 && subdomainGrammar.test(name);
}

/** Of a project, a machine, a card. */
export function isLabelName(name: string): boolean {
  return name.length <= 63 && labelGrammar.test(name);
}
