// Owns the two small menus for theme and language.
// Must not apply the choice; the follower does when the Settings object changes.
import { Dropdown, DropdownItem, DropdownList, MenuToggle, type MenuToggleElement } from '@patternfly/react-core';
import { RhUiAutoLightDarkModeIcon as AutoThemeIcon } from '@patternfly/react-icons/dist/esm/icons/rh-ui-auto-light-dark-mode-icon';
import { RhUiLanguageIcon as LanguageIcon } from '@patternfly/react-icons/dist/esm/icons/rh-ui-language-icon';
import { MoonIcon as DarkIcon } from '@patternfly/react-icons/dist/esm/icons/moon-icon';
import { SunIcon as LightIcon } from '@patternfly/react-icons/dist/esm/icons/sun-icon';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SettingsSpec } from '../../electron/api/kinds/settings.ts';
import { useSettings } from '../client/settings.ts';
import { useNotices } from '../ui/notices.tsx';

const themes = ['auto', 'light', 'dark'] as const;
const themeIcons = { auto: <AutoThemeIcon />, light: <LightIcon />, dark: <DarkIcon /> } as const;
/** A language is named in itself. */
const languages = [
  { id: 'auto', name: undefined },
  { id: 'en', name: 'English' },
  { id: 'zh-CN', name: '简体中文' },
] as const;

export function ThemeMenu() {
  const { t } = useTranslation('shell');
  const { chosen, choose } = useChoice('theme');
  const items = themes.map((id) => ({ id, label: t(`theme.${id}`), icon: themeIcons[id] }));
  return <ChoiceMenu label={t('theme.label')} icon={themeIcons[chosen]} items={items} chosen={chosen} onChoose={choose} />;
}

export function LanguageMenu() {
  const { t } = useTranslation('shell');
  const { chosen, choose } = useChoice('language');
  const items = languages.map(({ id, name }) => ({ id, label: name ?? t('language.auto') }));
  return <ChoiceMenu label={t('language.label')} icon={<LanguageIcon />} items={items} chosen={chosen} onChoose={choose} />;
}

function useChoice<K extends 'theme' | 'language'>(field: K): { chosen: SettingsSpec[K]; choose: (value: SettingsSpec[K]) => void } {
  const { t } = useTranslation('shell');
  const { spec, save } = useSettings();
  const { fail } = useNotices();
  const choose = (value: SettingsSpec[K]): void => {
    save({ [field]: value }).catch((error: unknown) => fail(t('settingsNotSaved'), error));
  };
  return { chosen: spec?.[field] ?? 'auto', choose };
}

interface ChoiceMenuProps<T extends string> {
  readonly label: string;
  readonly icon: ReactNode;
  readonly items: readonly { readonly id: T; readonly label: string; readonly icon?: ReactNode }[];
  readonly chosen: T;
  readonly onChoose: (id: T) => void;
}

function ChoiceMenu<T extends string>({ label, icon, items, chosen, onChoose }: ChoiceMenuProps<T>) {
  const [open, setOpen] = useState(false);
  return (
    <Dropdown
      isOpen={open}
      onOpenChange={setOpen}
      popperProps={{ position: 'end', appendTo: 'inline' }}
      toggle={(ref: React.Ref<MenuToggleElement>) => (
        <MenuToggle ref={ref} variant="plain" icon={icon} aria-label={label} isExpanded={open} onClick={() => setOpen(!open)} />
      )}
    >
      <DropdownList>
        {items.map((item) => (
          <DropdownItem
            key={item.id}
            icon={item.icon}
            isSelected={item.id === chosen}
            onClick={() => {
              setOpen(false);
              onChoose(item.id);
            }}
          >
            {item.label}
          </DropdownItem>
        ))}
      </DropdownList>
    </Dropdown>
  );
}
