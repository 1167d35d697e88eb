"""Runs localstripe with what Stripe documents of payment intents and localstripe lacks: their description, and how much
was received and can be captured. It knows no captures in part: to localstripe the rest is a refund."""

from localstripe import resources, server

PaymentIntent = resources.PaymentIntent
created = PaymentIntent.__init__


def with_description(self, description=None, **parameters):
    created(self, **parameters)
    self.description = description


def amount_if(status):
    return property(lambda intent: intent.amount if intent.status == status else 0)


PaymentIntent.__init__ = with_description
PaymentIntent.amount_received = amount_if("succeeded")
PaymentIntent.amount_capturable = amount_if("requires_capture")
server.start()
