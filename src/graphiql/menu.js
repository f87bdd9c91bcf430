/**
 * What the page of /graphql does in a browser: GraphiQL, and a menu that puts a worked example into its editor. An
 * address that ends in the name of one (#neighbours-over-time) opens it. What somebody has written is never overwritten.
 */
const examples = JSON.parse(document.getElementById('examples').textContent);
const menu = document.getElementById('example');
const about = document.getElementById('about');

/** The editors, as GraphiQL last told of them. */
let editor = null;

const isOurs = (query) =>
  query.replaceAll(/^\s*#.*$/gm, '').trim() === '' || examples.some((example) => example.query === query);

const linked = () => examples.find(({ id }) => id === location.hash.slice(1));

function choose({ id, about: text }) {
  menu.value = id;
  about.textContent = text;
}

/** Puts an example into the editor, in a tab of its own where the open one holds what somebody has written. */
function show(example) {
  choose(example);
  if (!editor?.queryEditor || !editor.variableEditor) return;
  if (!isOurs(editor.queryEditor.getValue())) ReactDOM.flushSync(() => editor.addTab());
  editor.queryEditor.setValue(example.query);
  editor.variableEditor.setValue(JSON.stringify(example.variables, null, 2));
  // It finds the name by itself, but a moment later: until then it would ask for the operation of before.
  editor.setOperationName(/^query (\w+)/m.exec(example.query)[1]);
  editor.responseEditor?.setValue('');
}

/** Stands within GraphiQL, where its editors can be reached. */
function Editor() {
  editor = GraphiQL.React.useEditorContext();
  const isReady = Boolean(editor.queryEditor && editor.variableEditor);
  React.useEffect(() => {
    if (isReady) setTimeout(begin);
  }, [isReady]);
  return null;
}

/** With the example that the address names; else with the first, unless there is something from the last visit. */
function begin() {
  const example = linked();
  if (example) return show(example);
  const query = editor.queryEditor.getValue();
  if (isOurs(query)) show(examples.find((one) => one.query === query) ?? examples[0]);
}

choose(linked() ?? examples[0]);
menu.addEventListener('change', () => {
  const example = examples.find(({ id }) => id === menu.value);
  history.replaceState(null, '', `#${example.id}`);
  show(example);
});
addEventListener('hashchange', () => {
  const example = linked();
  if (example) show(example);
});

ReactDOM.createRoot(document.getElementById('graphiql')).render(
  React.createElement(
    GraphiQL,
    {
      fetcher: GraphiQL.createFetcher({ url: '/graphql' }),
      defaultQuery: '# Choose a worked example above, or write a question of your own.\n',
      defaultEditorToolsVisibility: 'variables',
      shouldPersistHeaders: false,
    },
    React.createElement(Editor),
  ),
);
