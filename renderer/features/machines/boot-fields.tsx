// Owns putting boot devices in order, with the keyboard as well as with the mouse, and the menu that the firmware offers.
// Must not number devices; the patch does.
import {
  Button,
  Checkbox,
  DataList,
  DataListAction,
  DataListCell,
  DataListItem,
  DataListItemCells,
  DataListItemRow,
} from '@patternfly/react-core';
import { ArrowDownIcon } from '@patternfly/react-icons/dist/esm/icons/arrow-down-icon';
import { ArrowUpIcon } from '@patternfly/react-icons/dist/esm/icons/arrow-up-icon';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type BootDevice, type BootDraft, bootDevices } from './machine-edits.ts';
import type { MachineView } from './machine-view.ts';

export interface BootFieldsProps {
  readonly draft: BootDraft;
  readonly onChange: (draft: BootDraft) => void;
  readonly machine: MachineView;
}

// Long enough to open the console and press a key.
const menuSeconds = 10;

export function BootFields({ draft, onChange, machine }: BootFieldsProps) {
  const { t } = useTranslation('machines');
  const seconds = draft.menuSeconds === 0 ? menuSeconds : draft.menuSeconds;
  return (
    <>
      <OrderField draft={draft.ordered} onChange={(ordered) => onChange({ ...draft, ordered })} machine={machine} />
      <Checkbox
        id="boot-menu"
        label={t('edit.boot.menu')}
        description={t('edit.boot.menuNote', { count: seconds })}
        isChecked={draft.menuSeconds > 0}
        onChange={(_event, on) => onChange({ ...draft, menuSeconds: on ? seconds : 0 })}
      />
    </>
  );
}

interface OrderFieldProps {
  readonly draft: readonly BootDevice[];
  readonly onChange: (draft: readonly BootDevice[]) => void;
  readonly machine: MachineView;
}

function OrderField({ draft, onChange, machine }: OrderFieldProps) {
  const { t } = useTranslation('machines');
  const { ordered, rest } = bootDevices(machine.vm);
  const left = [...ordered, ...rest].filter((device) => !draft.some((chosen) => isSame(chosen, device)));
  const [dragged, setDragged] = useState<number>();
  const move = (from: number, to: number): void => onChange(draft.toSpliced(from, 1).toSpliced(to, 0, draft[from]!));
  return (
    <DataList isCompact aria-label={t('detail.boot')}>
      {[...draft, ...left].map((device, index) => (
        <DataListItem
          key={`${device.type}-${device.name}`}
          aria-labelledby={`boot-${device.type}-${device.name}`}
          className={index === dragged ? 'vd-dragged' : undefined}
          draggable={index < draft.length}
          onDragStart={() => setDragged(index)}
          onDragEnd={() => setDragged(undefined)}
          onDragOver={(event) => {
            if (dragged === undefined || index >= draft.length) return;
            // Without this the browser refuses the drop.
            event.preventDefault();
            if (dragged === index) return;
            move(dragged, index);
            setDragged(index);
          }}
          onDrop={(event) => event.preventDefault()}
        >
          <DataListItemRow>
            <DataListItemCells
              dataListCells={[
                <DataListCell key="name">
                  <Checkbox
                    id={`boot-${device.type}-${device.name}`}
                    label={t(`edit.boot.${device.type}`, { name: device.name })}
                    isChecked={index < draft.length}
                    onChange={(_event, on) => onChange(on ? [...draft, device] : draft.filter((chosen) => !isSame(chosen, device)))}
                  />
                </DataListCell>,
              ]}
            />
            {index < draft.length && (
              <DataListAction
                aria-label={t('column.actions')}
                aria-labelledby={`boot-${device.type}-${device.name}`}
                id={`boot-move-${index}`}
              >
                <Button
                  variant="plain"
                  icon={<ArrowUpIcon />}
                  isAriaDisabled={index === 0}
                  aria-label={t('edit.boot.up', { name: device.name })}
                  onClick={() => move(index, index - 1)}
                />
                <Button
                  variant="plain"
                  icon={<ArrowDownIcon />}
                  isAriaDisabled={index === draft.length - 1}
                  aria-label={t('edit.boot.down', { name: device.name })}
                  onClick={() => move(index, index + 1)}
                />
              </DataListAction>
            )}
          </DataListItemRow>
        </DataListItem>
      ))}
    </DataList>
  );
}

function isSame(a: BootDevice, b: BootDevice): boolean {
  return a.type === b.type && a.name === b.name;
}
