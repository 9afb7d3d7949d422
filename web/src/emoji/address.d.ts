/** The address of one language's file, which `scripts/emoji.mjs` cuts while the app is built. */
declare module 'emoji:*' {
  const address: string;
  export default address;
}
