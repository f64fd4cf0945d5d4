// Owns the rows of kubectl's JSONPath templates.
import { expect, test } from 'vitest';
import { fillJsonPath, JsonPathError } from '../../electron/cli/json-path.ts';

const list = {
  items: [
    { metadata: { name: 'web', labels: { 'app.kubernetes.io/name': 'shop' } }, spec: { running: true } },
    { metadata: { name: 'db' }, spec: { running: false } },
  ],
};

test.each([
  { template: '{.items[*].metadata.name}', want: 'web db' },
  { template: '{.items[0].metadata.name}', want: 'web' },
  { template: '{.items[-1].metadata.name}', want: 'db' },
  { template: '{$.items[0].spec.running}', want: 'true' },
  { template: '{range .items[*]}{.metadata.name}{"\\t"}{.spec.running}{"\\n"}{end}', want: 'web\ttrue\ndb\tfalse\n' },
  { template: "{.items[0].metadata.labels['app.kubernetes.io/name']}", want: 'shop' },
  { template: '{.items[0].metadata.labels.app\\.kubernetes\\.io/name}', want: 'shop' },
  { template: 'names: {.items[*].metadata.name}.', want: 'names: web db.' },
  { template: '{.items[5].metadata.name}{.nothing.here}', want: '' },
  { template: '{.items[0].metadata.labels}', want: '{"app.kubernetes.io/name":"shop"}' },
])('$template', ({ template, want }) => {
  expect(fillJsonPath(template, list)).toBe(want);
});

test.each(['{.items[?(@.spec)]}', '{range .items[*]}{.metadata.name}', '{end}', '{.items[1:2]}'])('%s is refused', (template) => {
  expect(() => fillJsonPath(template, list)).toThrow(JsonPathError);
});
