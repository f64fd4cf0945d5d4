// Owns whether every refusal is a Status that Kubernetes' clients understand.
import { describe, expect, test } from 'vitest';
import { AppError, type ErrorCode, errorTable, statusOf } from '../../electron/api/errors.ts';

/** metav1.StatusReason and the code that goes with it, where Kubernetes fixes one. */
const kubernetes: Readonly<Record<string, readonly number[]>> = {
  BadRequest: [400],
  Unauthorized: [401],
  Forbidden: [403],
  NotFound: [404],
  MethodNotAllowed: [405],
  NotAcceptable: [406],
  AlreadyExists: [409],
  Conflict: [409],
  Expired: [410],
  RequestEntityTooLarge: [413],
  UnsupportedMediaType: [415],
  Invalid: [422],
  TooManyRequests: [429],
  InternalError: [500],
  // 502 and 507 are ours: what stands behind us failed, and there is no room left.
  ServiceUnavailable: [502, 503, 507],
  Timeout: [504],
};

describe('every error code', () => {
  test.each(Object.keys(errorTable) as ErrorCode[])('%s has a reason of Kubernetes with its status', (code) => {
    const { reason, status } = errorTable[code];
    expect(kubernetes[reason]).toContain(status);
  });
});

const cause = { reason: 'FieldValueInvalid', field: 'spec.running', message: 'no', fix: 'Say yes.' };

test('a refusal becomes a Status with its causes and its place', () => {
  const error = new AppError('Invalid', 'it is invalid', { causes: [cause], cause: new Error('underneath') });
  expect(statusOf(error, { name: 'web', kind: 'virtualmachines' })).toEqual({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: 'it is invalid',
    reason: 'Invalid',
    code: 422,
    details: { name: 'web', kind: 'virtualmachines', causes: [cause] },
  });
});

test('what lies underneath never leaves', () => {
  const error = new AppError('Internal', 'something failed', { cause: new Error('password=geheim') });
  expect(JSON.stringify(statusOf(error))).not.toContain('geheim');
});
