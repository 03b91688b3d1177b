/** Small drawings that say nothing by themselves: the word beside them does. */
const PATHS = {
  home: 'M4 13h6V4H4zm10 7h6V4h-6zM4 20h6v-4H4z',
  box: 'M3 9V6h18v3a3 3 0 0 0 0 6v3H3v-3a3 3 0 0 0 0-6zM14 6v12',
  till: 'M4 10h16v9H4zM7 10V5h10v5M8 14h.01M12 14h.01M16 14h.01M8 16.5h8',
  chart: 'M4 20V4M4 20h16M8 16v-4M12 16V8M16 16v-6',
  log: 'M5 4h14v16H5zM8 8h8M8 12h8M8 16h5',
  calendar: 'M4 6h16v14H4zM4 10h16M8 3v4M16 3v4',
  people: 'M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM3 20c0-3.5 2.7-6 6-6s6 2.5 6 6M16 4.5a3.5 3.5 0 0 1 0 6.5M18 14.5c1.9.9 3 2.9 3 5.5',
  key: 'M14 10a4 4 0 1 0-3.5 4L12 15.5h2V17h2v2h3v-3l-5.3-5.2z',
  gear: 'M12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM12 3v3M12 18v3M3 12h3M18 12h3M5.6 5.6l2.2 2.2M16.2 16.2l2.2 2.2M18.4 5.6l-2.2 2.2M7.8 16.2l-2.2 2.2',
  plus: 'M12 5v14M5 12h14',
  minus: 'M5 12h14',
  down: 'M7 10l5 5 5-5',
  left: 'M14 6l-6 6 6 6',
  right: 'M10 6l6 6-6 6',
  alert: 'M12 4 3 20h18zM12 10v5M12 17.5v.01',
  clock: 'M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM12 8v4l3 2',
  download: 'M12 4v11M7 11l5 5 5-5M5 20h14',
  cash: 'M3 7h18v10H3zM12 9.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5M6 10v4M18 10v4',
  card: 'M3 6h18v12H3zM3 10h18M7 15h3',
  gift: 'M4 11h16v9H4zM4 7h16v4H4zM12 7v13M12 7C9 7 7 3 9.5 3S12 7 12 7s0-4 2.5-4S15 7 12 7',
  undo: 'M9 8H15a4 4 0 0 1 0 8H8M9 8l3-3M9 8l3 3',
  print: 'M7 9V4h10v5M5 9h14v7h-3M8 16H5V9M8 14h8v6H8z',
  x: 'M6 6l12 12M18 6 6 18',
  check: 'M5 13l4 4L19 7',
  refund: 'M4 12a8 8 0 1 0 3-6.2M4 4v4h4',
  hourglass: 'M7 4h10M7 20h10M8 4c0 5 8 6 8 8s-8 3-8 8M16 4c0 5-8 6-8 8s8 3 8 8',
  up: 'M12 19V6M6 11l6-6 6 6',
  fall: 'M12 5v13M6 13l6 6 6-6',
  search: 'M11 5a6 6 0 1 0 0 12 6 6 0 0 0 0-12zM16 16l4 4',
  edit: 'M4 20h4L19 9l-4-4L4 16zM13 7l4 4',
  archive: 'M4 5h16v4H4zM6 9v10h12V9M10 13h4',
  star: 'M12 4l2.4 5 5.6.7-4.1 3.8 1.1 5.5-5-2.7-5 2.7 1.1-5.5L4 9.7 9.6 9z',
  sun: 'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.4 1.4M17.6 17.6 19 19M19 5l-1.4 1.4M6.4 17.6 5 19',
  moon: 'M20 14a8 8 0 0 1-10-10 8 8 0 1 0 10 10z',
  auto: 'M4 5h16v11H4zM9 20h6M12 16v4',
  leave: 'M14 4h5v16h-5M10 8l-4 4 4 4M6 12h9',
  menu: 'M4 7h16M4 12h16M4 17h16',
  copy: 'M8 8h12v12H8zM4 16V4h12',
  shift: 'M4 8h16v11H4zM9 8V5h6v3M4 13h16',
} as const

export type IconName = keyof typeof PATHS

export const Icon = ({ name, size = 18 }: { name: IconName; size?: number }) => (
  <svg width={size} height={size} viewBox="0 0 24 24" fill="none" stroke="currentColor"
    stroke-width="1.7" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">
    <path d={PATHS[name]} />
  </svg>
)
