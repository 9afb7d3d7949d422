import type { Plugin } from 'vite';
import type { EmojiFile } from '../src/emoji/data';

export function cut(language: 'en' | 'zh'): EmojiFile;
export function emojiFiles(): Plugin;
