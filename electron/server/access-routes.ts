// Owns the questions "may I?" and "who am I?": Kubernetes' reviews, answered from the rules of access.ts.
// Must not store them.
import { AppError } from '../api/errors.ts';
import type { Json, JsonObject } from '../api/object.ts';
import { type Asked, isAllowed, rulesOf } from './access.ts';
import { json } from './answer.ts';
import { readBody } from './body.ts';
import type { Caller, Exchange, Route } from './exchange.ts';
import { isObject } from './json-value.ts';

interface Review {
  readonly group: string;
  readonly plural: string;
  readonly kind: string;
  readonly status: (spec: JsonObject, caller: Caller) => object;
}

export const reviews: readonly Review[] = [
  { group: 'authorization.k8s.io', plural: 'selfsubjectaccessreviews', kind: 'SelfSubjectAccessReview', status: access },
  { group: 'authorization.k8s.io', plural: 'selfsubjectrulesreviews', kind: 'SelfSubjectRulesReview', status: rules },
  { group: 'authentication.k8s.io', plural: 'selfsubjectreviews', kind: 'SelfSubjectReview', status: self },
];

export const accessRoutes: readonly Route[] = reviews.map((review) => ({
  method: 'POST',
  path: `/apis/${review.group}/v1/${review.plural}`,
  handle: (_, exchange) => answered(review, exchange),
}));

async function answered({ group, kind, status }: Review, { request, caller }: Exchange): Promise<Response> {
  const value = (await readBody(request))?.value ?? {};
  const apiVersion = `${group}/v1`;
  if (!isObject(value) || (value['kind'] ?? kind) !== kind || (value['apiVersion'] ?? apiVersion) !== apiVersion) {
    throw new AppError('BadRequest', `The body must be a ${kind} of ${apiVersion}.`);
  }
  const spec = objectIn(value, 'spec');
  const metadata = { creationTimestamp: null };
  const given = Object.keys(spec).length === 0 ? {} : { spec };
  return json({ kind, apiVersion, metadata, ...given, status: status(spec, caller) }, 201);
}

function access(spec: JsonObject, { role }: Caller): object {
  const allowed = isAllowed(role, askedIn(spec));
  return { allowed, ...(allowed ? {} : { reason: `the role ${role} may not do that` }) };
}

function askedIn(spec: JsonObject): Asked {
  const path = spec['nonResourceAttributes'];
  if (isObject(path)) return { type: 'path', verb: textIn(path, 'verb'), path: textIn(path, 'path') };
  const asked = spec['resourceAttributes'];
  if (!isObject(asked)) {
    const message =
      'spec.resourceAttributes: Invalid value: null: exactly one of nonResourceAttributes or resourceAttributes must be specified';
    throw new AppError('Invalid', message, { causes: [{ reason: 'FieldValueInvalid', field: 'spec.resourceAttributes', message }] });
  }
  const [verb, group, resource, subresource, namespace, name] = ['verb', 'group', 'resource', 'subresource', 'namespace', 'name'].map(
    (field) => textIn(asked, field),
  );
  return {
    type: 'resource',
    verb: verb ?? '',
    group: group ?? '',
    resource: resource ?? '',
    subresource: subresource ?? '',
    namespace: namespace ?? '',
    name: name ?? '',
  };
}

function rules(_: JsonObject, { role }: Caller): object {
  const all = rulesOf[role];
  return {
    resourceRules: all.flatMap(({ verbs, apiGroups, resources }) => (resources === undefined ? [] : [{ verbs, apiGroups, resources }])),
    nonResourceRules: all.flatMap(({ verbs, nonResourceURLs }) => (nonResourceURLs === undefined ? [] : [{ verbs, nonResourceURLs }])),
    incomplete: false,
  };
}

function self(_: JsonObject, { user, role }: Caller): object {
  return { userInfo: { username: user ?? role, groups: [`virtdeck:${role}`, 'system:authenticated'] } };
}

function objectIn(value: JsonObject, name: string): JsonObject {
  const found = value[name];
  return isObject(found) ? found : {};
}

function textIn(value: { readonly [key: string]: Json | undefined }, name: string): string {
  const found = value[name];
  return typeof found === 'string' ? found : '';
}
