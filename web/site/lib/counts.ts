const compact = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });

/** "312", "1.2K". */
export const shortCount = (count: number): string => compact.format(count);
