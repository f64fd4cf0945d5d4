// Owns what can be done with a node: labels, taints, its pools of huge pages, whether it takes new machines, whether it hands out whole cores.
// Must not hold the dialogs' fields.
import { Dropdown, DropdownItem, DropdownList, MenuToggle } from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Node } from '../../../electron/api/kinds/node.ts';
import { useClient } from '../../client/context.tsx';
import { useNotices } from '../../ui/notices.tsx';
import { HugePagesDialog } from './huge-pages-dialog.tsx';
import { NodeLabelsDialog } from './node-labels-dialog.tsx';
import { NodeTaintsDialog } from './node-taints-dialog.tsx';

/** KubeVirt's label of nodes that hand out whole cores. */
const coresLabel = 'cpumanager';

export interface NodeActionsProps {
  readonly node: Node;
  /** Memory nodes that it has its memory from. */
  readonly numaNodes: readonly number[];
}

export function NodeActions({ node, numaNodes }: NodeActionsProps) {
  const { t } = useTranslation('nodes');
  const client = useClient();
  const { fail } = useNotices();
  const [isOpen, setOpen] = useState(false);
  const [dialog, setDialog] = useState<'labels' | 'taints' | 'pages'>();
  const { name, labels = {} } = node.metadata;
  const isCordoned = node.spec.unschedulable === true;
  const givesCores = labels[coresLabel] === 'true';
  const patch = (body: Parameters<typeof client.patch>[1]): void => {
    client.patch({ resource: 'nodes', name }, body).catch((error: unknown) => fail(t('notSaved'), error));
  };
  const close = (): void => setDialog(undefined);
  return (
    <>
      <Dropdown
        isOpen={isOpen}
        onOpenChange={setOpen}
        onSelect={() => setOpen(false)}
        popperProps={{ position: 'right' }}
        toggle={(ref) => (
          <MenuToggle ref={ref} isExpanded={isOpen} onClick={() => setOpen((open) => !open)} aria-label={t('actionsOf', { name })}>
            {t('actions')}
          </MenuToggle>
        )}
      >
        <DropdownList>
          <DropdownItem onClick={() => setDialog('labels')}>{t('edit.labels')}</DropdownItem>
          <DropdownItem onClick={() => setDialog('taints')}>{t('edit.taints')}</DropdownItem>
          <DropdownItem onClick={() => setDialog('pages')} isDisabled={numaNodes.length === 0}>
            {t('pages.open')}
          </DropdownItem>
          <DropdownItem
            description={t(givesCores ? 'edit.keepCoresNote' : 'edit.giveCoresNote')}
            onClick={() => patch({ metadata: { labels: { [coresLabel]: givesCores ? null : 'true' } } })}
          >
            {t(givesCores ? 'edit.keepCores' : 'edit.giveCores')}
          </DropdownItem>
          <DropdownItem description={t('edit.cordonNote')} onClick={() => patch({ spec: { unschedulable: !isCordoned } })}>
            {t(isCordoned ? 'edit.uncordon' : 'edit.cordon')}
          </DropdownItem>
        </DropdownList>
      </Dropdown>
      {dialog === 'labels' && <NodeLabelsDialog node={node} onClose={close} />}
      {dialog === 'pages' && <HugePagesDialog name={name} numaNodes={numaNodes} onClose={close} />}
      {dialog === 'taints' && <NodeTaintsDialog node={node} onClose={close} />}
    </>
  );
}
