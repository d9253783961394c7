import { compile } from '@inlang/paraglide-js';
import { messages } from '../messages.config.js';

await compile(messages);
