"""Offices and roles in words."""

from flask_babel import lazy_gettext as _l

from accreditation.models import MemberRole, Office

OFFICES = {
    Office.OFFICE: _l("Office"),
    Office.REVIEWER: _l("Reviewer"),
    Office.COUNCIL: _l("Council"),
    Office.ADMINISTRATOR: _l("Administrator"),
}
ROLES = {
    MemberRole.OWNER: _l("Owner"),
    MemberRole.EDITOR: _l("Editor"),
    MemberRole.VIEWER: _l("Viewer"),
}
ROLES_IN_FULL = {
    MemberRole.OWNER: _l("Owner: does everything, and chooses who else may"),
    MemberRole.EDITOR: _l("Editor: fills in and sends applications"),
    MemberRole.VIEWER: _l("Viewer: reads, changes nothing"),
}
