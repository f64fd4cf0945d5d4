// Owns the filters of the map: words, kinds of device, verdicts.
// Must not filter; device-view.ts does.
import { SearchInput, ToggleGroup, ToggleGroupItem } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';
import { type DeviceFilter, deviceKinds, verdictKinds } from '../../ui/device-groups.ts';

export interface DeviceToolbarProps {
  readonly filter: DeviceFilter;
  readonly shown: number;
  readonly onChange: (filter: DeviceFilter) => void;
}

export function DeviceToolbar({ filter, shown, onChange }: DeviceToolbarProps) {
  const { t } = useTranslation('devices');
  return (
    <div className="vd-devices-filter">
      <div className="vd-devices-search">
        <SearchInput
          aria-label={t('filter.search')}
          placeholder={t('filter.placeholder')}
          value={filter.text}
          onChange={(_event, text) => onChange({ ...filter, text })}
          onClear={() => onChange({ ...filter, text: '' })}
        />
      </div>
      <ToggleGroup isCompact aria-label={t('filter.kind')}>
        {deviceKinds.map((kind) => (
          <ToggleGroupItem
            key={kind}
            text={t(`kind.${kind}`)}
            isSelected={filter.kinds.includes(kind)}
            onChange={() => onChange({ ...filter, kinds: toggled(filter.kinds, kind) })}
          />
        ))}
      </ToggleGroup>
      <ToggleGroup isCompact aria-label={t('filter.verdict')}>
        {verdictKinds.map((verdict) => (
          <ToggleGroupItem
            key={verdict}
            text={t(`verdict.${verdict}`)}
            isSelected={filter.verdicts.includes(verdict)}
            onChange={() => onChange({ ...filter, verdicts: toggled(filter.verdicts, verdict) })}
          />
        ))}
      </ToggleGroup>
      <span role="status" className="vd-subtle">
        {t('filter.shown', { count: shown })}
      </span>
    </div>
  );
}

function toggled<Item>(items: readonly Item[], item: Item): readonly Item[] {
  return items.includes(item) ? items.filter((one) => one !== item) : [...items, item];
}
