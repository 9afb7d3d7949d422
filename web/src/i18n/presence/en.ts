/** The sentences about who is here and who is typing, in English. */
export const presence = {
  'presence.here': 'online',
  'presence.away': 'away',
  'presence.offline': 'offline',
  'presence.after': ', {how}',
  'presence.lastHere': 'Last here {time}',
  'presence.now': 'now',
  'presence.hereTitle': 'Here',
  'presence.awayTitle': 'Away',
  'presence.counted': '{total}, {here} here',
  'presence.title': 'Presence',
  'presence.text':
    'People who see you on their screen also see whether you are here. You are away after ten minutes without input, or while no window of yours is visible.',
  'presence.invisible': 'Invisible',
  'presence.invisibleHint': 'Others see you as offline, and not that you are typing or when you were last here.',
  'typing.alone': '{name} is typing',
  'typing.two': '{one} and {two} are typing',
  'typing.three': '{one}, {two} and {count} other are typing',
  'typing.more': '{one}, {two} and {count} others are typing',
} as const;
