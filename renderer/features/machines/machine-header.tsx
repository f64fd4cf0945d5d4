// Owns the head of a machine's page: where one is, how it is, what to do.
// Must not act by itself.
import {
  ActionList,
  ActionListGroup,
  ActionListItem,
  Breadcrumb,
  BreadcrumbItem,
  Button,
  Dropdown,
  Flex,
  FlexItem,
  MenuToggle,
  type MenuToggleElement,
  Title,
} from '@patternfly/react-core';
import { type Ref, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { menuPlace } from '../../ui/menu-place.ts';
import { Moment } from '../../ui/moment.tsx';
import { ActionList as ActionItems } from './action-list.tsx';
import { machineActions, primaryAction } from './actions.ts';
import type { MachineView } from './machine-view.ts';
import { StatusLabel } from './status-label.tsx';
import { useMachineHands } from './use-machine-hands.ts';

export function MachineHeader({ machine }: { readonly machine: MachineView }) {
  const { t } = useTranslation('machines');
  const { name, description, status, startedAt } = machine;
  return (
    <>
      <Breadcrumb aria-label={t('page.breadcrumb')} className="vd-page-title">
        <BreadcrumbItem
          render={({ className }) => (
            <Link href="/machines" className={className}>
              {t('title')}
            </Link>
          )}
        />
        <BreadcrumbItem isActive>{name}</BreadcrumbItem>
      </Breadcrumb>
      <Flex
        justifyContent={{ default: 'justifyContentSpaceBetween' }}
        alignItems={{ default: 'alignItemsCenter' }}
        rowGap={{ default: 'rowGapSm' }}
      >
        <Flex gap={{ default: 'gapMd' }} alignItems={{ default: 'alignItemsCenter' }} flex={{ default: 'flex_1' }}>
          <Title headingLevel="h1" className="vd-breakable">
            {name}
          </Title>
          <FlexItem>
            <StatusLabel status={status} />
          </FlexItem>
          {startedAt !== undefined && (
            <FlexItem className="vd-subtle">
              {t('page.uptime')} <Moment time={startedAt} form="since" />
            </FlexItem>
          )}
        </Flex>
        <HeaderActions machine={machine} />
      </Flex>
      {description !== undefined && <p className="vd-subtle vd-breakable">{description}</p>}
    </>
  );
}

function HeaderActions({ machine }: { readonly machine: MachineView }) {
  const { t } = useTranslation('machines');
  const [open, setOpen] = useState(false);
  const hands = useMachineHands();
  const actions = useMemo(() => machineActions(machine, hands), [machine, hands]);
  const primary = primaryAction(actions);
  const stop = actions.find(({ id, disabledReason }) => id === 'stop' && disabledReason === undefined);
  return (
    <ActionList>
      <ActionListGroup>
        {stop !== undefined && (
          <ActionListItem>
            <Button variant="secondary" onClick={stop.run}>
              {stop.label}
            </Button>
          </ActionListItem>
        )}
        {primary !== undefined && (
          <ActionListItem>
            <Button variant="primary" onClick={primary.run}>
              {primary.label}
            </Button>
          </ActionListItem>
        )}
        <ActionListItem>
          <Dropdown
            isOpen={open}
            onOpenChange={setOpen}
            onSelect={() => setOpen(false)}
            popperProps={{ position: 'end', appendTo: menuPlace }}
            toggle={(ref: Ref<MenuToggleElement>) => (
              <MenuToggle ref={ref} isExpanded={open} onClick={() => setOpen(!open)}>
                {t('column.actions')}
              </MenuToggle>
            )}
          >
            <ActionItems actions={actions} />
          </Dropdown>
        </ActionListItem>
      </ActionListGroup>
    </ActionList>
  );
}
