/** The emoji that stand first, in the form in which the server keeps them, with the key of what each is called. */
export const QUICK = [
  ['👍', 'react.thumbsUp'],
  ['❤️', 'react.heart'],
  ['🎉', 'react.party'],
  ['👀', 'react.eyes'],
  ['🙏', 'react.thanks'],
] as const;
