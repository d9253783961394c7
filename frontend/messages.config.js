/**
 * How the message files become functions, for Vite and for `npm run messages`.
 *
 * The page decides the language itself (src/lib/locale.svelte.ts), so the
 * compiled runtime needs no strategy that reads cookies or addresses.
 */
export const messages = {
	project: './project.inlang',
	outdir: './src/lib/messages',
	strategy: ['globalVariable', 'baseLocale'],
	outputStructure: 'message-modules',
	emitGitIgnore: false,
	emitPrettierIgnore: false,
	emitReadme: false,
	emitTsDeclarations: false,
	isServer: 'import.meta.env.SSR',
	disableAsyncLocalStorage: true,
};
