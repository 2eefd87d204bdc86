// The two doors of the BFF's session endpoints. `path` is where the reader comes back to.

export const signInAddress = (path: string) => `/bff/login?returnUrl=${encodeURIComponent(path)}`;
export const signUpAddress = (path: string) => `${signInAddress(path)}&screen=signup`;
