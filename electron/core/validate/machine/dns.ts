// Owns the rules of dnsPolicy and dnsConfig.
// Must not resolve anything.
import { isIpAddress } from '../network/addresses.ts';
import { subdomainErrors } from '../names.ts';
import { invalid, notSupported, required } from '../rule.ts';
import type { SpecRule } from './spec-rule.ts';

const dnsPolicies: readonly string[] = ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None', ''];

const dnsPolicy: SpecRule = (spec, path) => {
  const policy: string = spec.dnsPolicy ?? '';
  if (dnsPolicies.includes(policy)) return [];
  const message = `DNSPolicy: ${policy} is not supported, valid values: [${dnsPolicies.join(' ')}]`;
  return [notSupported(`${path}.dnsPolicy`, message, 'Use one of these, or leave it out.')];
};

// Kubernetes' limits of resolv.conf.
const maxNameservers = 3;
const maxSearchPaths = 6;
const maxSearchCharacters = 256;

const dnsConfig: SpecRule = (spec, path) => {
  const { dnsConfig: config } = spec;
  const field = `${path}.dnsConfig`;
  const policy: string = spec.dnsPolicy ?? '';
  if (config === undefined) {
    return policy === 'None' ? [required(field, 'must provide `dnsConfig` when `dnsPolicy` is None', 'Name a DNS server.')] : [];
  }
  const { nameservers = [], searches = [], options = [] } = config;
  if (policy === 'None' && nameservers.length === 0) {
    return [required(`${field}.nameservers`, 'must provide at least one DNS nameserver when `dnsPolicy` is None', 'Name a DNS server.')];
  }
  return [
    ...(nameservers.length > maxNameservers
      ? [
          invalid(
            `${field}.nameservers`,
            `must not have more than ${maxNameservers} nameservers: [${nameservers.join(' ')}]`,
            'Remove some.',
          ),
        ]
      : []),
    ...nameservers
      .filter((address) => !isIpAddress(address))
      .map((address) => invalid(`${field}.nameservers`, `must be valid IP address: ${address}`, 'Write an IPv4 or IPv6 address.')),
    ...(searches.length > maxSearchPaths
      ? [invalid(`${field}.searches`, `must not have more than ${maxSearchPaths} search paths`, 'Remove some.')]
      : []),
    ...(searches.join(' ').length > maxSearchCharacters
      ? [
          invalid(
            `${field}.searches`,
            `must not have more than ${maxSearchCharacters} characters (including spaces) in the search list`,
            'Remove some.',
          ),
        ]
      : []),
    ...searches.flatMap((search) =>
      subdomainErrors(search).map((error) => invalid(`${field}.searches`, error, 'Write a domain such as example.com.')),
    ),
    ...options
      .filter(({ name = '' }) => name === '')
      .map(() => invalid(`${field}.options`, 'Option.Name must not be empty', 'Name the option.')),
  ];
};

export const dnsRules: readonly SpecRule[] = [dnsPolicy, dnsConfig];
