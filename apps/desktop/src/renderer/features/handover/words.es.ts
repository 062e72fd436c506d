export const es = {
  'handover.assign': 'Asignar la conversación de {name}',
  'handover.assignTo': 'Asignar a {name}',
  'handover.nobody': 'Nadie coincide.',
  'handover.note': 'Nota para quien la recibe (opcional)',
  'handover.online': '{count} de {total} en línea',
  'handover.people': 'Personas',
  'handover.search': 'Equipo o persona',
  'handover.searchPeople': 'Persona',
  'handover.teams': 'Equipos',
  'handover.transfer': 'Transferir la conversación de {name}',
  'handover.transferTo': 'Transferir a {name}',

  'palette.transferTo': 'Transferir la de {name} a',
} as const
