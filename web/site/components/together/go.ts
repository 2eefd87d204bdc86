/** To another page of the signed-in: a whole page, as every link here is. */
export const go = (path: string): void => location.assign(path);
