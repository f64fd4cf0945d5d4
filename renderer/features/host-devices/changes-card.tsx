// Owns what was changed in this computer's start, and undoing one change or all of them.
// Must not show anything while nothing was changed.
import {
  Alert,
  Button,
  Card,
  CardBody,
  CardHeader,
  CardTitle,
  Content,
  Label,
  Modal,
  ModalBody,
  ModalFooter,
  ModalHeader,
  Spinner,
} from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PreparationChange } from '../../../electron/api/preparation.ts';
import { useClient } from '../../client/context.tsx';
import { usePreparationChanges } from '../../client/device-hooks.ts';
import { FormFailure } from '../../ui/form-failure.tsx';
import { failureOf } from '../../ui/notices.tsx';
import { argumentWords } from './argument-change.ts';
import { FileDiff } from './file-diff.tsx';

export function ChangesCard() {
  const { t } = useTranslation('devices');
  const client = useClient();
  const changes = usePreparationChanges();
  const [asking, setAsking] = useState<{ readonly change?: PreparationChange }>();
  const [error, setError] = useState<unknown>();
  const undo = async (id: string | undefined): Promise<void> => {
    setAsking(undefined);
    setError(undefined);
    try {
      await client.undoPreparation(id);
    } catch (refused) {
      setError(refused);
    }
  };
  const items = changes?.items ?? [];
  const running = changes?.running;
  if (items.length === 0 && running === undefined && error === undefined) return undefined;
  return (
    <Card component="section" aria-labelledby="changes">
      <CardHeader
        actions={{
          hasNoOffset: true,
          actions:
            items.length === 0 ? undefined : (
              <Button variant="secondary" isDanger isDisabled={running !== undefined} onClick={() => setAsking({})}>
                {t('changes.undoAll')}
              </Button>
            ),
        }}
      >
        <CardTitle component="h2" id="changes">
          {t('changes.title')}
        </CardTitle>
      </CardHeader>
      <CardBody>
        {error !== undefined && <FormFailure title={t('changes.failed')} failure={failureOf(error)} />}
        {running !== undefined && (
          <p role="status">
            <Spinner size="md" aria-label={t('loading', { ns: 'words' })} /> {t('changes.running', { ...running })}
          </p>
        )}
        <Content component="p" className="vd-subtle">
          {t('changes.note')}
        </Content>
        <ul className="vd-group-devices">
          {items.map((change) => (
            <li key={change.id} className="vd-device">
              <code className="vd-device-name">{wordOf(change)}</code>
              {'path' in change && change.before === undefined && <Label isCompact>{t('changes.new')}</Label>}
              {change.state !== 'standing' && (
                <Label isCompact color="orange">
                  {t(`changes.state.${change.state}`)}
                </Label>
              )}
              <Button
                variant="link"
                isInline
                aria-label={t('changes.undoName', { name: wordOf(change) })}
                isDisabled={change.state !== 'standing' || running !== undefined}
                onClick={() => setAsking({ change })}
              >
                {t('changes.undo')}
              </Button>
            </li>
          ))}
        </ul>
      </CardBody>
      {asking !== undefined && (
        <Modal isOpen variant="medium" aria-labelledby="undo-title" onClose={() => setAsking(undefined)}>
          <ModalHeader labelId="undo-title" title={t(asking.change === undefined ? 'changes.askAll' : 'changes.askOne')} />
          <ModalBody>
            {(asking.change === undefined ? items : [asking.change]).map((change) =>
              'path' in change ? (
                <FileDiff key={change.id} path={change.path} before={change.after} after={change.before} />
              ) : (
                <Content key={change.id} component="p">
                  {t(argumentWords(change), { argument: change.argument })}
                </Content>
              ),
            )}
            <Alert component="p" isInline variant="info" title={t('changes.later')} />
          </ModalBody>
          <ModalFooter>
            <Button variant="danger" onClick={() => void undo(asking.change?.id)}>
              {t(asking.change === undefined ? 'changes.undoAll' : 'changes.undo')}
            </Button>
            <Button variant="link" onClick={() => setAsking(undefined)}>
              {t('cancel', { ns: 'words' })}
            </Button>
          </ModalFooter>
        </Modal>
      )}
    </Card>
  );
}

function wordOf(change: PreparationChange): string {
  return 'path' in change ? change.path : change.argument;
}
