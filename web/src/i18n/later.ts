/** The sentences of views that come in later scripts. Each of those scripts imports this. */
import { addSentences } from './index';
import { en } from './later.en';
import { zh } from './later.zh';

addSentences('en', en);
addSentences('zh', zh);
