"""What is an event called here, whatever the site, the library or an older specification calls it?"""

from __future__ import annotations

import re
from functools import lru_cache

__all__ = ["CANCELLED", "ORDERED", "PRESETS", "REFUNDED", "SPECIFIED", "our_name"]

ORDERED, REFUNDED, CANCELLED = "Order Completed", "Order Refunded", "Order Cancelled"

# Names of the e-commerce specification, version 2, and ours for what pages and apps tell by themselves.
SPECIFIED = (
    "Products Searched", "Product List Viewed", "Product List Filtered", "Promotion Viewed", "Promotion Clicked", "Product Clicked",
    "Product Viewed", "Product Added", "Product Removed", "Cart Viewed", "Checkout Started", "Checkout Step Viewed",
    "Checkout Step Completed", "Payment Info Entered", "Order Updated", "Order Completed", "Order Refunded", "Order Cancelled",
    "Coupon Entered", "Coupon Applied", "Coupon Denied", "Coupon Removed", "Product Added to Wishlist", "Product Removed from Wishlist",
    "Wishlist Product Added to Cart", "Product Shared", "Cart Shared", "Product Reviewed", "Page Viewed", "Page Left", "Screen Viewed",
    "Element Clicked", "Form Submitted", "Application Installed", "Application Opened", "Application Backgrounded", "Signed Up",
    "Signed In", "Signed Out", "Email Delivered", "Email Opened", "Email Link Clicked", "Unsubscribed",
)  # fmt: skip

# Version 1 of the specification said the verb first; the others are those of Google Analytics 4.
_ALSO = {
    "Viewed Product": "Product Viewed", "Viewed Product Category": "Product List Viewed", "Viewed Product List": "Product List Viewed",
    "Filtered Product List": "Product List Filtered", "Searched Products": "Products Searched", "Clicked Product": "Product Clicked",
    "Added Product": "Product Added", "Removed Product": "Product Removed", "Viewed Cart": "Cart Viewed",
    "Viewed Promotion": "Promotion Viewed", "Clicked Promotion": "Promotion Clicked", "Started Order": "Checkout Started",
    "Started Checkout": "Checkout Started", "Viewed Checkout Step": "Checkout Step Viewed",
    "Completed Checkout Step": "Checkout Step Completed", "Entered Payment Info": "Payment Info Entered",
    "Updated Order": "Order Updated", "Completed Order": "Order Completed", "Refunded Order": "Order Refunded",
    "Cancelled Order": "Order Cancelled", "Canceled Order": "Order Cancelled", "Order Canceled": "Order Cancelled",
    "Shared Product": "Product Shared", "Reviewed Product": "Product Reviewed",
    "view_item": "Product Viewed", "view_item_list": "Product List Viewed", "select_item": "Product Clicked",
    "add_to_cart": "Product Added", "remove_from_cart": "Product Removed", "view_cart": "Cart Viewed",
    "begin_checkout": "Checkout Started", "add_payment_info": "Payment Info Entered", "add_to_wishlist": "Product Added to Wishlist",
    "purchase": "Order Completed", "refund": "Order Refunded", "search": "Products Searched", "sign_up": "Signed Up",
    "login": "Signed In", "page_view": "Page Viewed", "form_submit": "Form Submitted", "view_promotion": "Promotion Viewed",
    "select_promotion": "Promotion Clicked",
}  # fmt: skip

# What the libraries of 神策 tell by themselves.
PRESETS = {
    "$pageview": "Page Viewed", "$WebClick": "Element Clicked", "$WebStay": "Page Left", "$WebPageLeave": "Page Left",
    "$AppInstall": "Application Installed", "$AppStart": "Application Opened", "$AppEnd": "Application Backgrounded",
    "$AppViewScreen": "Screen Viewed", "$AppClick": "Element Clicked", "$AppPageLeave": "Page Left", "$MPLaunch": "Application Opened",
    "$MPShow": "Application Opened", "$MPViewScreen": "Screen Viewed", "$MPClick": "Element Clicked", "$MPHide": "Application Backgrounded",
    "$MPPageLeave": "Page Left", "$SignUp": "Signed In",
}  # fmt: skip

_LETTERS = re.compile(r"[^a-z0-9]+")


def _bare(name: str) -> str:
    return _LETTERS.sub("", name.lower())


_KNOWN = {_bare(name): name for name in SPECIFIED} | {_bare(also): name for also, name in _ALSO.items()}


@lru_cache(maxsize=4096)
def our_name(name: str) -> str:
    """The name of the specification for an event, however it is written; a name that nobody knows stays as it is.

    Example:
        >>> our_name("Completed Order"), our_name("product_viewed"), our_name("$WebClick"), our_name("领取优惠券")
        ('Order Completed', 'Product Viewed', 'Element Clicked', '领取优惠券')
    """
    if name in PRESETS:
        return PRESETS[name]
    return _KNOWN.get(_bare(name), name) if name.isascii() and not name.startswith("$") else name
