/**
 * Every language says the same things: no message may be missing, extra or
 * unused, and each takes the same values in every language.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const locales = ['en', 'he', 'ar'];
const folders = ['messages', ...topics('messages')];

const used = new Set(
	sources('src').flatMap((file) =>
		[...readFileSync(file, 'utf8').matchAll(/\bm\.(\w+)/g)].map((found) => found[1]),
	),
);
const complaints = [...folders.flatMap(compare), ...twice()];

for (const complaint of complaints) console.error(complaint);
if (complaints.length > 0) process.exit(1);
console.log('Messages: the same in every language, and all of them used.');

/** What differs between the languages of one folder. */
function compare(folder) {
	const files = locales.map((locale) => [`${folder}/${locale}.json`, read(folder, locale)]);
	const keys = new Set(files.flatMap(([, messages]) => Object.keys(messages)));
	return [...keys].flatMap((key) => [
		...files.filter(([, messages]) => !(key in messages)).map(([file]) => `${file}: ${key} is missing`),
		...(used.has(key) ? [] : [`${folder}: ${key} is used nowhere`]),
		...(new Set(files.flatMap(([, messages]) => (key in messages ? [values(messages[key])] : []))).size > 1
			? [`${folder}: ${key} takes different values`]
			: []),
	]);
}

/** A message of two folders: the later would silently win. */
function twice() {
	const places = folders.flatMap((folder) => Object.keys(read(folder, 'en')).map((key) => [key, folder]));
	const first = new Map(places.toReversed());
	return places
		.filter(([key, folder]) => first.get(key) !== folder)
		.map(([key, folder]) => `${key} stands in ${folder} and in ${first.get(key)}`);
}

/** Each matter has a folder of its own. */
function topics(folder) {
	return readdirSync(folder, { withFileTypes: true })
		.filter((entry) => entry.isDirectory())
		.map((entry) => `${folder}/${entry.name}`);
}

function read(folder, locale) {
	const { $schema: _, ...messages } = JSON.parse(readFileSync(`${folder}/${locale}.json`, 'utf8'));
	return messages;
}

/** Inputs of a message; a form like "two people" may leave the number itself out. */
function values(message) {
	const text = typeof message === 'string' ? message : message[0].declarations.join(' ');
	const found = typeof message === 'string' ? text.matchAll(/\{(\w+)\}/g) : text.matchAll(/input (\w+)/g);
	return [...new Set([...found].map((name) => name[1]))].sort().join(' ');
}

function sources(folder) {
	return readdirSync(folder, { withFileTypes: true, recursive: true })
		.filter((entry) => entry.isFile() && /\.(svelte|ts)$/.test(entry.name))
		.map((entry) => join(entry.parentPath ?? entry.path, entry.name))
		.filter((file) => !file.includes(join('lib', 'messages')));
}
