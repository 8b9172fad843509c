// What the pages say, in both languages.
const WORDS = {
  es: {
    skip: "Ir al contenido", search: "Buscar operaciones, campos y eventos", contents: "Contenido",
    sign_in: "Iniciar sesión", sign_out: "Cerrar sesión", username: "Usuario", password: "Contraseña", cancel: "Cancelar",
    other_language: "English", title: "La API de Trato", events: "Eventos", problems: "Problemas",
    introduction: "Todo lo que hace la interfaz de Trato se puede hacer desde aquí. Estos nombres son promesas: se añade, nunca se renombra.",
    conventions: "Convenciones", permission: "Permiso", no_token: "Sin identificarse", parameters: "Parámetros",
    body: "Cuerpo", answers: "Respuestas", required: "obligatorio", try: "Probar", send: "Enviar", answer: "Respuesta",
    loading: "Cargando…", failed: "La descripción no se pudo cargar.", found: "resultados", none: "Nada coincide con la búsqueda.",
    one_of: "uno de", event_data: "Datos", catalogue: "Catálogo de eventos, con un ejemplo de cada uno", catalogue_page: "Su página, con un ejemplo", publisher: "Lo cuenta", filters: "Filtros",
    problem_text: "Cada rechazo es un documento application/problem+json. «code» no cambia nunca; «detail» es la frase para una persona.",
    this_problem: "Código del problema", milliseconds: "ms",
    rules: [
      "JSON en UTF-8. Authorization: Bearer <clave de API o token de acceso>, o la cookie de sesión con X-CSRF-Token.",
      "Identificadores UUIDv7, instantes RFC 3339 en UTC, días AAAA-MM-DD, dinero {\"amount\":\"12.50\",\"currency\":\"EUR\"}.",
      "PATCH es una fusión (RFC 7396) con If-Match obligatorio: 428 sin él, 412 si otra persona modificó antes.",
      "Listas: limit (hasta 200), cursor, sort, q y filtros; next_cursor y Link llevan a la página siguiente.",
      "Todo POST admite Idempotency-Key: la misma clave y cuerpo dan la misma respuesta.",
    ],
  },
  en: {
    skip: "Skip to content", search: "Search operations, fields and events", contents: "Contents",
    sign_in: "Sign in", sign_out: "Sign out", username: "User name", password: "Password", cancel: "Cancel",
    other_language: "Español", title: "The Trato API", events: "Events", problems: "Problems",
    introduction: "Everything Trato's own pages do can be done from here. These names are promises: things are added, never renamed.",
    conventions: "Conventions", permission: "Permission", no_token: "No sign-in needed", parameters: "Parameters",
    body: "Body", answers: "Answers", required: "required", try: "Try it", send: "Send", answer: "Answer",
    loading: "Loading…", failed: "The description could not be loaded.", found: "results", none: "Nothing matches the search.",
    one_of: "one of", event_data: "Data", catalogue: "Event catalogue, with a sample of each", catalogue_page: "Its page, with a sample", publisher: "Told by", filters: "Filters",
    problem_text: "Every refusal is an application/problem+json document. \"code\" never changes; \"detail\" is the sentence for a person.",
    this_problem: "Problem code", milliseconds: "ms",
    rules: [
      "JSON in UTF-8. Authorization: Bearer <API key or access token>, or the session cookie with X-CSRF-Token.",
      "Ids are UUIDv7, instants RFC 3339 in UTC, days YYYY-MM-DD, money {\"amount\":\"12.50\",\"currency\":\"EUR\"}.",
      "PATCH is a merge patch (RFC 7396) and needs If-Match: 428 without it, 412 if somebody else changed the record first.",
      "Lists: limit (up to 200), cursor, sort, q and filters; next_cursor and Link lead to the next page.",
      "Every POST takes Idempotency-Key: the same key and body give the same answer.",
    ],
  },
};

function preferred() {
  const kept = localStorage.getItem("trato-language");
  if (kept) return kept;
  return navigator.language.toLowerCase().startsWith("en") ? "en" : "es";
}

export let language = preferred();

export function word(name) {
  return WORDS[language][name] ?? name;
}

export function switchLanguage() {
  language = language === "es" ? "en" : "es";
  localStorage.setItem("trato-language", language);
}

export function translatePage() {
  document.documentElement.lang = language;
  for (const element of document.querySelectorAll("[data-word]")) element.textContent = word(element.dataset.word);
  for (const element of document.querySelectorAll("[data-placeholder]")) element.placeholder = word(element.dataset.placeholder);
  for (const element of document.querySelectorAll("[data-label]")) element.setAttribute("aria-label", word(element.dataset.label));
}
