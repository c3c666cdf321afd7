/** The editor's default themes as its webviews get them: a class of the body, and colours as properties of the page. */
export interface Theme {
  readonly name: string;
  readonly classes: string;
  readonly colours: Readonly<Record<string, string>>;
}

const fonts = {
  'font-family': '"DejaVu Sans", sans-serif',
  'font-size': '13px',
  'editor-font-family': '"DejaVu Sans Mono", monospace',
};

export const themes: readonly Theme[] = [
  {
    name: 'light',
    classes: 'vscode-light',
    colours: {
      ...fonts,
      foreground: '#3b3b3b',
      descriptionForeground: '#3b3b3b',
      focusBorder: '#005fb8',
      'editor-background': '#ffffff',
      'editor-foreground': '#3b3b3b',
      'sideBar-background': '#f8f8f8',
      'widget-border': '#e5e5e5',
      'button-background': '#005fb8',
      'button-foreground': '#ffffff',
      'button-border': '#0000001a',
      'button-secondaryBackground': '#e5e5e5',
      'button-secondaryForeground': '#3b3b3b',
      'dropdown-background': '#ffffff',
      'dropdown-foreground': '#3b3b3b',
      'dropdown-border': '#cecece',
      'textLink-foreground': '#005fb8',
      'textCodeBlock-background': '#f8f8f8',
      'progressBar-background': '#005fb8',
      'testing-iconPassed': '#388a34',
      'list-hoverBackground': '#f2f2f2',
      'list-inactiveSelectionBackground': '#e4e6f1',
    },
  },
  {
    name: 'dark',
    classes: 'vscode-dark',
    colours: {
      ...fonts,
      foreground: '#cccccc',
      descriptionForeground: '#9d9d9d',
      focusBorder: '#0078d4',
      'editor-background': '#1f1f1f',
      'editor-foreground': '#cccccc',
      'sideBar-background': '#181818',
      'widget-border': '#313131',
      'button-background': '#0078d4',
      'button-foreground': '#ffffff',
      'button-border': '#ffffff12',
      'button-secondaryBackground': '#313131',
      'button-secondaryForeground': '#cccccc',
      'dropdown-background': '#313131',
      'dropdown-foreground': '#cccccc',
      'dropdown-border': '#3c3c3c',
      'textLink-foreground': '#4daafc',
      'textCodeBlock-background': '#2b2b2b',
      'progressBar-background': '#0078d4',
      'testing-iconPassed': '#73c991',
      'list-hoverBackground': '#2a2d2e',
      'list-inactiveSelectionBackground': '#37373d',
    },
  },
  {
    name: 'hc-dark',
    classes: 'vscode-high-contrast',
    colours: {
      ...fonts,
      foreground: '#ffffff',
      descriptionForeground: '#ffffffb3',
      focusBorder: '#f38518',
      contrastBorder: '#6fc3df',
      contrastActiveBorder: '#f38518',
      'editor-background': '#000000',
      'editor-foreground': '#ffffff',
      'sideBar-background': '#000000',
      'widget-border': '#6fc3df',
      'button-background': '#000000',
      'button-foreground': '#ffffff',
      'button-border': '#6fc3df',
      'button-secondaryForeground': '#ffffff',
      'dropdown-background': '#000000',
      'dropdown-foreground': '#ffffff',
      'dropdown-border': '#6fc3df',
      'textLink-foreground': '#21a6ff',
      'progressBar-background': '#6fc3df',
      'testing-iconPassed': '#73c991',
    },
  },
  {
    name: 'hc-light',
    classes: 'vscode-high-contrast vscode-high-contrast-light',
    colours: {
      ...fonts,
      foreground: '#292929',
      descriptionForeground: '#292929b3',
      focusBorder: '#006bbd',
      contrastBorder: '#0f4a85',
      contrastActiveBorder: '#006bbd',
      'editor-background': '#ffffff',
      'editor-foreground': '#292929',
      'sideBar-background': '#ffffff',
      'widget-border': '#0f4a85',
      'button-background': '#0f4a85',
      'button-foreground': '#ffffff',
      'button-border': '#0f4a85',
      'button-secondaryBackground': '#ffffff',
      'button-secondaryForeground': '#0f4a85',
      'dropdown-background': '#ffffff',
      'dropdown-foreground': '#292929',
      'dropdown-border': '#0f4a85',
      'textLink-foreground': '#0f4a85',
      'progressBar-background': '#0f4a85',
      'testing-iconPassed': '#007100',
    },
  },
];

export function themeNamed(name: string): Theme {
  const theme = themes.find((candidate) => candidate.name === name);
  if (theme === undefined) throw new Error(`no theme ${name}`);
  return theme;
}
