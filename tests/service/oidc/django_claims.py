"""What the real provider tells where: the subject in the ID token, names at its userinfo alone."""

from oauth2_provider.oauth2_validators import OAuth2Validator


class NamesAtUserinfo(OAuth2Validator):
    def get_userinfo_claims(self, request):
        user = request.user
        return {
            **super().get_userinfo_claims(request),
            "preferred_username": user.get_username(),
            "name": f"{user.last_name}{user.first_name}",
        }
