// Owns the words of menus, tray and dialogs: the page's catalogues are the renderer's and not to be had here.
// Must not hold logic; a test compares the languages.

export const texts = {
  en: {
    newMachine: 'New machine',
    open: 'Open Virtdeck',
    file: 'File',
    edit: 'Edit',
    view: 'View',
    window: 'Window',
    quit: 'Quit Virtdeck',
    noneRunning: 'No machine is running',
    closeTitle: 'Machines are running',
    closeMessage: '{{count}} of your machines are running.',
    closeDetail: 'They run on when Virtdeck closes, and are there again when you open it.',
    keepInTray: 'Keep in the tray',
    cancel: 'Cancel',
    remember: 'Do not ask again',
    cannotStart: 'Virtdeck cannot start',
  },
  'zh-CN': {
    newMachine: '新建虚拟机',
    open: '打开 Virtdeck',
    file: '文件',
    edit: '编辑',
    view: '视图',
    window: '窗口',
    quit: '退出 Virtdeck',
    noneRunning: '没有正在运行的虚拟机',
    closeTitle: '有虚拟机正在运行',
    closeMessage: '有 {{count}} 台虚拟机正在运行。',
    closeDetail: '关闭 Virtdeck 后它们会继续运行,下次打开时仍在。',
    keepInTray: '保留在托盘中',
    cancel: '取消',
    remember: '不再询问',
    cannotStart: 'Virtdeck 无法启动',
  },
} as const;

export type Texts = Readonly<Record<keyof (typeof texts)['en'], string>>;

/** `language` is the setting; `system` what the operating system says, such as `zh-CN` or `de-AT`. */
export function textsFor(language: 'auto' | 'en' | 'zh-CN', system: string): Texts {
  if (language !== 'auto') return texts[language];
  return system.toLowerCase().startsWith('zh') ? texts['zh-CN'] : texts.en;
}
