/**
 * After the build: the pages that can be read without a script, as words in each
 * language (start.en.html, help.he.html …),
 * and the shell of the join page with its parts asked for at once (join.html).
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { directionOf, locales, readable, scriptNeeded, words } from '../node_modules/.prerender/prerender.js';

const folder = '../sessions/web/static';
const shell = readFileSync(`${folder}/index.html`, 'utf8');
const manifest = JSON.parse(readFileSync(`${folder}/.vite/manifest.json`, 'utf8'));

const plain = shell.replace('<!--words-->', scriptNeeded());
writeFileSync(`${folder}/index.html`, plain);
writeFileSync(`${folder}/join.html`, asking(plain, 'src/pages/Join.svelte'));
for (const [name, { page, component }] of Object.entries(readable)) {
	for (const locale of locales) {
		const html = shell
			.replace('lang="en" dir="ltr"', `lang="${locale}" dir="${directionOf(locale)}"`)
			.replace(/\s*<meta name="robots"[^>]*>/, '')
			.replace('<!--words-->', () => words(component, locale));
		writeFileSync(`${folder}/${name}.${locale}.html`, asking(html, page));
	}
}
rmSync('node_modules/.prerender', { recursive: true });

/** The same shell, with what a page consists of named in its head. */
function asking(html, page) {
	const chunks = [...parts(page)].filter((name) => !manifest[name].isEntry).map((name) => manifest[name]);
	const links = [
		...chunks.map((chunk) => `<link rel="modulepreload" crossorigin href="/${chunk.file}">`),
		...chunks
			.flatMap((chunk) => chunk.css ?? [])
			.map((css) => `<link rel="stylesheet" crossorigin href="/${css}">`),
	];
	const missing = links.filter((link) => !html.includes(link.slice(link.indexOf('href='))));
	return html.replace('</head>', `\t${missing.join('\n\t\t')}\n\t</head>`);
}

function parts(name, found = new Set()) {
	if (found.has(name)) return found;
	found.add(name);
	for (const needed of manifest[name].imports ?? []) parts(needed, found);
	return found;
}
