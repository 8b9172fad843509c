"""What the pages of the event catalogue say, in both languages; what the events themselves say is in English."""

from typing import Final

WORDS: Final = {
    "es": {
        "skip": "Ir al contenido",
        "contents": "Contenido",
        "catalogue": "Catálogo de eventos",
        "introduction": "Lo que cada servicio cuenta a los demás, y a los programas de otros departamentos. "
        "Nada de lo publicado se quita ni se renombra; se añaden eventos y campos opcionales: pase por alto lo que "
        "no conozca.",
        "subscribe": "Para suscribirse",
        "subscribe_steps": "Quien lleva la suite le da un usuario que solo lee eventos con ./trato subscriber NOMBRE; "
        "después instale el SDK con pip install ./sdk, o use cualquier cliente AMQP.",
        "envelope": "El sobre",
        "envelope_text": "CloudEvents 1.0 en JSON, en el exchange crm.events; la clave de enrutado es el tipo. "
        "Al menos una vez, y en orden por sujeto. Lo contado antes está en el stream crm.events.history.",
        "told_by": "Lo cuenta",
        "routing_key": "Clave de enrutado",
        "versions": "Versiones",
        "schema": "JSON Schema",
        "when": "Cuándo",
        "fields": "Campos de data",
        "no_fields": "Ninguno.",
        "field": "Campo",
        "kind": "Tipo",
        "meaning": "Qué significa",
        "optional": "puede faltar en los contados antes",
        "sample": "Un ejemplo",
        "api": "La API",
    },
    "en": {
        "skip": "Skip to content",
        "contents": "Contents",
        "catalogue": "Event catalogue",
        "introduction": "What each service tells the others, and the programs of other departments. Nothing published "
        "is removed or renamed; events and optional fields are added: ignore what you do not know.",
        "subscribe": "To subscribe",
        "subscribe_steps": "Whoever runs the suite makes you a user that only reads events with ./trato subscriber "
        "NAME; then install the SDK with pip install ./sdk, or use any AMQP client.",
        "envelope": "The envelope",
        "envelope_text": "CloudEvents 1.0 in JSON, on the exchange crm.events; the routing key is the type. At least "
        "once, and in order per subject. What was told before is in the stream crm.events.history.",
        "told_by": "Told by",
        "routing_key": "Routing key",
        "versions": "Versions",
        "schema": "JSON Schema",
        "when": "When",
        "fields": "Fields of data",
        "no_fields": "None.",
        "field": "Field",
        "kind": "Type",
        "meaning": "What it means",
        "optional": "may be missing in those told earlier",
        "sample": "A sample",
        "api": "The API",
    },
}
