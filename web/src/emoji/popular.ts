/** What stands in place of the newest emoji for somebody who has picked none yet. */
export const POPULAR: readonly string[] = [...('👍😂🎉🙏😍👀💯😅🔥👏🤔🙌🚀😊👌'.match(/./gu) ?? []), '❤️', '✅', '👋'];
