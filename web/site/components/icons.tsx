// Drawn on a 20 px grid with a 1.5 px line; always beside words or inside something labelled.

export const paths = {
  write: "m3.5 16.5.9-3.6L14 3.3l2.7 2.7-9.6 9.6zM12 5.3l2.7 2.7",
  moon: "M16 11.8A6.5 6.5 0 1 1 8.2 4a5.2 5.2 0 0 0 7.8 7.8z",
  sun: "M10 6.8a3.2 3.2 0 1 0 0 6.4 3.2 3.2 0 0 0 0-6.4zM10 2.2v1.6m0 12.4v1.6M4.5 4.5l1.1 1.1m8.8 8.8 1.1 1.1M2.2 10h1.6m12.4 0h1.6M4.5 15.5l1.1-1.1m8.8-8.8 1.1-1.1",
  system: "M3 4h14v9.5H3zM7 17h6M10 13.5V17",
  home: "M3.5 9 10 3.5 16.5 9v7.5h-4.7v-4.7H8.2v4.7H3.5z",
  topics: "M7.5 3.5 6 16.5M14 3.5l-1.5 13M3.5 7.5h13.4M3 12.5h13.4",
  person: "M10 3.8a3.2 3.2 0 1 0 0 6.4 3.2 3.2 0 0 0 0-6.4zM3.8 16.8c.6-3.2 3-4.8 6.2-4.8s5.6 1.6 6.2 4.8",
  stories: "M4.5 3.5h11v13h-11zM7.3 7h5.4M7.3 10h5.4M7.3 13h3",
  share: "M10 12.5v-9m0 0L6.8 6.7M10 3.5l3.2 3.2M4 11v5.5h12V11",
  clap: "M6.2 10.6 4.8 9.2a1.2 1.2 0 0 1 1.7-1.7l3.7 3.7M8.3 9.3 5.8 6.8a1.2 1.2 0 0 1 1.7-1.7l4 4M9.6 7.2 8.4 6a1.2 1.2 0 0 1 1.7-1.7l4.3 4.3V6.7a1.2 1.2 0 0 1 2.4 0v4.6a5 5 0 0 1-5 5.2 5.2 5.2 0 0 1-3.7-1.6l-4-4",
  respond: "M3.5 4.5h13V14H10l-3.5 3v-3h-3z",
  feed: "M4.5 4.2c6.3 0 11.3 5 11.3 11.3M4.5 9.3a6.2 6.2 0 0 1 6.2 6.2M5.4 14.5h.01",
  check: "m4.5 10.5 3.7 3.7 7.3-8.2",
  offline: "M3 3l14 14M2.8 8.3A11 11 0 0 1 6 6.3m4.6-.9a11 11 0 0 1 6.6 2.9M5.5 11.3A7 7 0 0 1 8.7 9.5M10 15.5h.01",
  warning: "M10 3.5 17.5 16.5h-15zM10 8.5V12M10 14.3h.01",
  close: "m5 5 10 10M15 5 5 15",
  eye: "M2.5 10S5 5 10 5s7.5 5 7.5 5-2.5 5-7.5 5-7.5-5-7.5-5zM10 7.8a2.2 2.2 0 1 0 0 4.4 2.2 2.2 0 0 0 0-4.4z",
  columns: "M3 4h14v12H3zM10 4v12",
  picture: "M3.5 4.5h13v11h-13zM3.5 13l3.8-3.8 4 4 2-2 3.2 3.2M12.8 7.8h.01",
  link: "m8.3 11.7 3.4-3.4M9 6.3l2-2a3 3 0 0 1 4.3 4.3l-2 2M11 13.7l-2 2a3 3 0 0 1-4.3-4.3l2-2",
  unseen: "M3 3l14 14M8.3 5.2A8 8 0 0 1 10 5c5 0 7.5 5 7.5 5a13 13 0 0 1-2.3 2.8M5.2 6.7A13 13 0 0 0 2.5 10S5 15 10 15a7.600 7.600 0 0 0 3.2-.7M8.500 8.500a2.200 2.200 0 0 0 3 3",
  block: "M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM5.2 5.2l9.6 9.6",
  code: "m7 6-4 4 4 4m6-8 4 4-4 4",
  quote: "M4 5v10M7.5 6.5H16M7.5 10H16M7.5 13.5h5",
  list: "M4 5.5h.01M4 10h.01M4 14.5h.01M7.5 5.5H16M7.5 10H16M7.5 14.5H16",
  bin: "M4 6h12M8 6V4h4v2M5.5 6l.7 10.5h7.6L14.5 6M8.4 9v4.5M11.6 9v4.5",
  bell: "M5 13.5V9a5 5 0 0 1 10 0v4.5l1.5 1.5h-13zM8.2 17.3a2 2 0 0 0 3.6 0",
  mute: "M5 13.5V9a5 5 0 0 1 1-3m2-1.600A5 5 0 0 1 15 9v3m1.500 3h-13l1.500-1.500M8.2 17.3a2 2 0 0 0 3.6 0M3 3l14 14",
  gear: "M10 7.2a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 0 0 0-5.6zM10 2.8v2m0 10.4v2M2.8 10h2m10.4 0h2M4.9 4.9l1.4 1.4m7.4 7.4 1.4 1.4M4.9 15.1l1.4-1.4m7.4-7.4 1.4-1.4",
  leave: "M8 3.5H4v13h4M12.5 6.5 16 10l-3.5 3.5M16 10H7.5",
} as const;

export type IconName = keyof typeof paths;

export function Icon({ name, small, className }: { name: IconName; small?: boolean; className?: string }) {
  const classes = ["icon", small ? "icon-s" : "", className ?? ""].filter(Boolean).join(" ");
  return (
    <svg className={classes} viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      <path d={paths[name]} />
    </svg>
  );
}
